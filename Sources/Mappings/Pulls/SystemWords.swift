// SPDX-License-Identifier: Apache-2.0
import Trees

/// What a system says about an error, in its own words, fit to be shown.
enum SystemWords {
    private static let places: [Path] = [
        "error/message/value", "error/message", "error_description", "message", "Message", "detail", "Detail",
        "title", "ErrorInformation/message", "ErrorInformation/Message", "faultstring", "error", "error[2][1]",
        "Fault/Error/*/Message", "errors/*/message", "Elements/*/ValidationErrors/*/Message",
        "Payments/*/ValidationErrors/*/Message", "compositeResponse/*/body/*/message", "*/message",
        "Envelope/Body/Fault/faultstring", "*/@msg", "*/*/@msg", "*/*/*/@msg", "*/*/*/*/@msg", "*/*/*/*/*/@msg",
        "Envelope/Body/*/*/Text", "Envelope/Body/*/*/*/Text", "Envelope/Body/*/*/Log/Item/Note",
        "Envelope/Body/*/Log/Item/Note", "eExact/Messages/Message/Description",
    ].compactMap { Path.tree($0) }

    /// `: what the system itself says`, at most 200 characters; empty when it says nothing. It may repeat a secret.
    static func of(_ answer: PullAnswer) -> String {
        guard let tree = answer.tree else { return "" }
        for path in places {
            // Of several at one place each counts: one may only say that another one failed.
            var texts: [String] = []
            for text in path.hits(in: [tree]).compactMap(\.ownText) where !text.isEmpty && !texts.contains(text) {
                texts.append(text)
            }
            if texts.isEmpty { continue }
            let line = texts.joined(separator: "; ").split { $0.isNewline }.joined(separator: " ")
            return ": " + (line.count > 200 ? line.prefix(200) + "…" : line)
        }
        return ""
    }

    /// Without anything that gives access, whoever repeated it to us.
    static func redacted(_ text: String, secrets: [String]) -> String {
        var text = text
        // The longest first, so that a secret inside another one leaves nothing of either.
        let long = secrets.filter { $0.utf8.count >= 4 }
        for secret in long.sorted(by: { ($1.utf8.count, $1) < ($0.utf8.count, $0) }) {
            text = replacing(secret, in: text)
            text = replacing(RequestText.percentEncoded(secret), in: text)
            text = replacing(Base64Text.encoded(secret), in: text)
        }
        return text
    }

    private static func replacing(_ secret: String, in text: String) -> String {
        var rest = text[...]
        var result = ""
        while let range = rest.firstRange(of: secret) {
            result += rest[..<range.lowerBound] + "•••"
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
