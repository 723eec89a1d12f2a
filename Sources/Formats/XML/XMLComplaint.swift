// SPDX-License-Identifier: Apache-2.0
import Documents

/// An error of the XML parser, to be told in words that help.
struct XMLComplaint {
    /// libxml2's `xmlParserErrors` number.
    var code: Int
    /// libxml2's own sentence.
    var said: String
    /// The innermost open element, nil outside the root.
    var inside: String?
    var rootSeen: Bool
    /// The parser had been told that the file ended.
    var ended: Bool
    /// Bytes of the file until then.
    var seen: Int

    func fault(at place: Position) -> Fault {
        if seen == 0 {
            return Fault(
                "XML-EMPTY", .refusal, at: .file, "the file is empty",
                hint: "Export or download it again.")
        }
        if ended, rootSeen, let inside {
            return Fault(
                "XML-TRUNCATED", .refusal, at: place, "the file ends inside <\(inside)>",
                hint: "It was cut off on the way: export or download it again.")
        }
        let sentence = said.split(whereSeparator: \.isNewline).joined(separator: " ")
        if Self.encodingCodes.contains(code) || said.hasPrefix("Input is not proper UTF-8")
            || said.contains("encoder error")
        {
            return Fault(
                "XML-ENCODING", .refusal, at: place,
                "the bytes are not in the encoding that the file declares (\(sentence))",
                hint: "Save it in the encoding that its first line names (UTF-8 when it names none), "
                    + "or correct that line.")
        }
        if Self.characterCodes.contains(code), sentence.contains("Char ") || sentence.contains("char value") {
            return Fault(
                "XML-CHARACTER", .refusal, at: place,
                "a control character (such as NUL) is in the file, which XML does not allow (\(sentence))",
                hint: "Ask the sender for a clean file, or remove the character with an editor.")
        }
        if !rootSeen, code == Self.emptyDocument || code == Self.documentEnd {
            return Fault(
                "XML-MALFORMED", .refusal, at: place, "there is no XML in the file (\(sentence))",
                hint: "Check that it is the export itself, not an error page or another format.")
        }
        return Fault(
            "XML-MALFORMED", .refusal, at: place, sentence,
            hint: "The file is not well-formed XML: export it again, or repair that place with an editor.")
    }

    private static let emptyDocument = 4
    private static let documentEnd = 5
    /// Unknown encoding, unsupported encoding, invalid encoding, conversion and detection failures.
    private static let encodingCodes: Set<Int> = [31, 32, 81, 6000, 6001, 6002, 6003]
    /// Invalid hexadecimal, decimal or plain character reference, invalid character.
    private static let characterCodes: Set<Int> = [6, 7, 8, 9]
}
