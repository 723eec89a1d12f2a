// SPDX-License-Identifier: Apache-2.0

/// Looks at the compressed parts that a PDF reader must open before it can find anything: object streams and
/// cross-reference streams (ISO 32000-1, 7.5.7 and 7.5.8).
///
/// qpdf decompresses them whole, so a hostile one has to be found before qpdf is asked.
enum PDFObjectStreams {
    /// No such stream is longer than the limit, and not all of them together.
    static func areBounded(_ bytes: [UInt8]) -> Bool {
        let keyword = Array("stream".utf8)
        var left = PDFLimits.attachments
        var place = 0
        while let start = find(keyword, in: bytes, from: place) {
            place = start + keyword.count
            // `endstream` ends one.
            if start >= 3, bytes[(start - 3)..<start].elementsEqual("end".utf8) { continue }
            guard isStructural(dictionary(before: start, in: bytes)) else { continue }
            while place < bytes.count, bytes[place] == 0x0D || bytes[place] == 0x0A { place += 1 }
            switch Inflate.zlib(bytes, from: place, most: min(left, PDFLimits.attachment)) {
            case .bytes(let found): left -= found.count
            case .tooLong: return false
            case .damaged: break
            }
        }
        return true
    }

    /// The bytes from the last `obj` on, which are the stream's dictionary.
    private static func dictionary(before end: Int, in bytes: [UInt8]) -> ArraySlice<UInt8> {
        var start = max(0, end - 4096)
        var place = end - 3
        while place >= start {
            if bytes[place..<(place + 3)].elementsEqual("obj".utf8) {
                start = place
                break
            }
            place -= 1
        }
        return bytes[start..<end]
    }

    /// A name may be spelled with escapes (`#53` is S), so a dictionary with one is looked at, too.
    private static func isStructural(_ dictionary: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: dictionary, as: UTF8.self)
        return ["/ObjStm", "/XRef", "/First", "#"].contains { text.contains($0) } && !text.contains("/EmbeddedFile")
    }

    private static func find(_ word: [UInt8], in bytes: [UInt8], from: Int) -> Int? {
        guard bytes.count >= word.count else { return nil }
        var place = from
        while place <= bytes.count - word.count {
            if bytes[place] == word[0], bytes[place..<(place + word.count)].elementsEqual(word) { return place }
            place += 1
        }
        return nil
    }
}
