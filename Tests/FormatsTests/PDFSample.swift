// SPDX-License-Identifier: Apache-2.0

/// A small PDF with embedded files, to change one thing of.
struct PDFSample {
    struct Embedded {
        var name: String
        var bytes: [UInt8]
        /// Entries of the stream's dictionary, such as its filter.
        var entries = ""
        var type = "/Type /EmbeddedFile /Subtype /text#2Fxml"
    }

    enum Place {
        /// The catalogue's AF array alone.
        case associated
        /// The name tree alone, in a kid of its root.
        case names
        case both
    }

    var files: [Embedded] = []
    var place = Place.both
    var trailer = ""

    init(_ files: [Embedded] = [], place: Place = .both) {
        self.files = files
        self.place = place
    }

    var bytes: [UInt8] {
        var objects: [[UInt8]] = []
        func add(_ text: String) -> Int {
            objects.append(Array(text.utf8))
            return objects.count
        }
        // 1 is the catalogue, 2 the pages, 3 the page.
        for _ in 0..<3 { _ = add("") }
        var specifications: [Int] = []
        for file in files {
            objects.append(
                Array("<< \(file.type) \(file.entries) /Length \(file.bytes.count) >>\nstream\n".utf8) + file.bytes
                    + Array("\nendstream".utf8))
            let stream = objects.count
            specifications.append(
                add(
                    "<< /Type /Filespec /F (\(file.name)) /UF (\(file.name)) /AFRelationship /Data "
                        + "/EF << /F \(stream) 0 R /UF \(stream) 0 R >> >>"))
        }
        var catalogue = "<< /Type /Catalog /Pages 2 0 R"
        let references = specifications.map { "\($0) 0 R" }.joined(separator: " ")
        if place != .names, !files.isEmpty { catalogue += " /AF [ \(references) ]" }
        if place != .associated, !files.isEmpty {
            let pairs = zip(files, specifications).map { "(\($0.name)) \($1) 0 R" }.joined(separator: " ")
            let leaf = add("<< /Limits [ (a) (z) ] /Names [ \(pairs) ] >>")
            catalogue += " /Names << /EmbeddedFiles << /Kids [ \(leaf) 0 R ] >> >>"
        }
        objects[0] = Array((catalogue + " >>").utf8)
        objects[1] = Array("<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>".utf8)
        objects[2] = Array("<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 100 100 ] >>".utf8)
        return Self.file(objects, trailer)
    }

    private static func file(_ objects: [[UInt8]], _ trailer: String) -> [UInt8] {
        var bytes = Array("%PDF-1.7\n%\u{E2}\u{E3}\n".utf8)
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(bytes.count)
            bytes += Array("\(index + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
        }
        let start = bytes.count
        var table = "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            table += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        table += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R \(trailer) >>\nstartxref\n\(start)\n%%EOF\n"
        return bytes + Array(table.utf8)
    }

    /// As an uncompressed zlib stream.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var all: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let count = min(65535, bytes.count - start)
            let isLast = start + count == bytes.count
            all += [isLast ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), ~UInt8(count & 255), ~UInt8(count >> 8)]
            all += bytes[start..<(start + count)]
            start += count
        } while start < bytes.count
        return all + [0, 0, 0, 0]
    }

    /// A zlib stream of one `A` and then that many runs of 258 more: 13 bits each.
    static func runs(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = [0x78, 0x9C]
        var held = 0
        var filled = 0
        func put(_ bit: Int) {
            held |= bit << filled
            filled += 1
            if filled == 8 {
                bytes.append(UInt8(held))
                held = 0
                filled = 0
            }
        }
        // Huffman codes go in from their highest bit, other values from their lowest (RFC 1951, 3.1.1).
        func code(_ value: Int, _ length: Int) {
            for place in (0..<length).reversed() { put(value >> place & 1) }
        }
        put(1)
        put(1)
        put(0)
        code(0x30 + 0x41, 8)
        for _ in 0..<count {
            code(0b1100_0101, 8)
            code(0, 5)
        }
        code(0, 7)
        while filled != 0 { put(0) }
        return bytes
    }
}
