// SPDX-License-Identifier: Apache-2.0
import Crypto
import Dispatch
import Synchronization

/// A file on disk whose digest is known; standard input and uploads are spooled to disk before.
///
/// Reading it again checks the digest again, so that both passes saw the same bytes. Where nothing of it is kept, a
/// glance is enough: the digest is not taken then, and a format that needs no first pass reads the file once.
package struct SourceFile: Sendable {
    /// Where it lies.
    package let path: String
    /// The name as it was given, without folders; it goes into the provenance.
    package let name: String
    /// SHA-256 of the bytes, lower-case hexadecimal; empty after a glance.
    package let sha256: String
    /// Bytes.
    package let size: Int
    /// What the first pass saw of the text's encoding.
    package let census: ByteCensus
    /// Its first bytes, as the first pass saw them: all of a small file, which is then read once.
    private let beginning: [UInt8]

    /// The first pass: reads the file once for digest, size and byte census.
    /// - Throws: `ReadFailure` when it cannot be opened or read.
    package init(path: String, name: String? = nil) throws {
        var size = 0
        var census = ByteCensus()
        var beginning: [UInt8] = []
        var small = SHA256()
        var large: DigestBeside?
        try FileBytes.each(path: path, chunk: Self.pieceSize) { chunk in
            if size == 0 { beginning = chunk.count < Self.pieceSize ? chunk : Array(chunk.prefix(Catalogue.headSize)) }
            // A piece that is not whole is the last one.
            if large == nil, size > 0, chunk.count == Self.pieceSize { large = DigestBeside(after: small) }
            if let large { large.add(chunk) } else { small.update(data: chunk) }
            census.add(chunk)
            size += chunk.count
        }
        census.finish()
        self.path = path
        self.name = name ?? path.split(separator: "/").last.map(String.init) ?? path
        self.sha256 = Self.hex(large?.finish() ?? small.finalize())
        self.size = size
        self.census = census
        self.beginning = beginning
    }

    /// Looks at the beginning and the size of a file only.
    /// - Throws: `ReadFailure` when it cannot be opened or read.
    package static func glance(path: String, name: String) throws -> SourceFile {
        let (beginning, size) = try FileBytes.beginning(path: path, count: pieceSize)
        // What has no size, such as a pipe, is known when it has been read.
        guard size >= beginning.count else { return try SourceFile(path: path, name: name) }
        let kept = beginning.count < size ? Array(beginning.prefix(Catalogue.headSize)) : beginning
        return SourceFile(path: path, name: name, beginning: kept, size: size, census: ByteCensus())
    }

    private init(path: String, name: String, beginning: [UInt8], size: Int, census: ByteCensus) {
        self.path = path
        self.name = name
        self.size = size
        self.census = census
        self.beginning = beginning
        sha256 = ""
    }

    /// The same file after a first pass over all of it.
    /// - Throws: `ReadFailure` when it cannot be read.
    package func looked() throws -> SourceFile {
        guard sha256.isEmpty else { return self }
        guard beginning.count == size else { return try SourceFile(path: path, name: name) }
        var census = ByteCensus()
        census.add(beginning)
        census.finish()
        return SourceFile(path: path, name: name, beginning: beginning, size: size, census: census)
    }

    /// The first `count` bytes, fewer when the file is shorter.
    package func head(_ count: Int) throws -> [UInt8] {
        if beginning.count == size, count >= size { return beginning }
        if count <= beginning.count || beginning.count == size { return Array(beginning.prefix(max(0, count))) }
        return try FileBytes.head(path: path, count: count)
    }

    /// Passes the whole file in pieces of at most `size` bytes, in order.
    /// - Throws: `ReadFailure` `FILE-CHANGED` at the end when the bytes are not those of the first pass.
    package func chunks(of size: Int = pieceSize, _ body: ([UInt8]) throws -> Void) throws {
        guard beginning.count < self.size else { return try pieces(of: max(1, size), body) }
        guard !sha256.isEmpty else { return try FileBytes.each(path: path, chunk: size, body) }
        var hash = SHA256()
        try FileBytes.each(path: path, chunk: size) { chunk in
            hash.update(data: chunk)
            try body(chunk)
        }
        guard Self.hex(hash.finalize()) == sha256 else {
            throw ReadFailure("FILE-CHANGED", "\(name) changed while it was being read")
        }
    }

    /// A small file's bytes, which are those of the first pass.
    private func pieces(of size: Int, _ body: ([UInt8]) throws -> Void) throws {
        if !beginning.isEmpty, beginning.count <= size { return try body(beginning) }
        for start in stride(from: 0, to: beginning.count, by: size) {
            try body(Array(beginning[start..<min(beginning.count, start + size)]))
        }
    }

    package static let pieceSize = 1 << 18

    /// SHA-256 of bytes, lower-case hexadecimal.
    package static func digest(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    private static func hex(_ digest: SHA256.Digest) -> String {
        let letters = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in digest {
            text.append(letters[Int(byte >> 4)])
            text.append(letters[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// The digest of a large file, taken on a thread of its own while the file is read and looked at.
private final class DigestBeside: Sendable {
    private let hash: Mutex<SHA256>
    private let queue = DispatchQueue(label: "tieout.digest")
    private let room = DispatchSemaphore(value: waitingMax)

    /// Pieces of the file.
    private static let waitingMax = 4

    /// - Parameter beginning: The digest of what came before.
    init(after beginning: SHA256) { hash = Mutex(beginning) }

    func add(_ piece: [UInt8]) {
        room.wait()
        queue.async { [self] in
            hash.withLock { $0.update(data: piece) }
            room.signal()
        }
    }

    func finish() -> SHA256.Digest {
        queue.sync {}
        return hash.withLock { $0.finalize() }
    }
}

/// Counts that tell which encodings a text can be in, gathered in the first pass.
package struct ByteCensus: Hashable, Sendable {
    /// No byte over 0x7F.
    package private(set) var isASCII = true
    /// All of it is well-formed UTF-8.
    package private(set) var isUTF8 = true
    /// Offset of the first NUL byte.
    package private(set) var firstNUL: Int?
    /// Offset of the first NUL byte that is no padding; nil where NULs only fill the last block of the file. More of them
    /// at its end are room that was reserved for text which never came.
    package var innerNUL: Int? { firstNUL.flatMap { $0 + nuls == offset && nuls < Self.blockSize ? nil : $0 } }

    private static let blockSize = 512
    /// Line (from 1) of the first byte that is not UTF-8.
    package private(set) var firstBadLine: Int?
    /// Bytes 0x80 to 0x9F outside UTF-8: printable in windows code pages, control characters in ISO 8859.
    package private(set) var controlBytes = 0

    private var nuls = 0
    private var offset = 0
    private var line = 1
    private var pending = 0
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    mutating func add(_ chunk: [UInt8]) {
        var index = 0
        while index < chunk.count {
            if pending == 0 {
                let plain = FileBytes.plain(chunk, from: index)
                line += plain.lineFeeds
                offset += plain.count
                index += plain.count
            }
            // One letter outside ASCII is looked at byte by byte, with its neighbours.
            let end = min(index + 8, chunk.count)
            for byte in chunk[index..<end] { add(byte) }
            index = end
        }
    }

    private mutating func add(_ byte: UInt8) {
        if byte < 0x80 {
            if byte <= 0x0A { note(control: byte) }
            if pending > 0 { bad() }
        } else {
            isASCII = false
            if byte < 0xA0 { controlBytes += 1 }
            if isUTF8 { wide(byte) }
        }
        offset += 1
    }

    mutating func finish() {
        if pending > 0 { bad() }
    }

    private mutating func note(control byte: UInt8) {
        if byte == 0x0A { line += 1 }
        guard byte == 0 else { return }
        if firstNUL == nil { firstNUL = offset }
        nuls += 1
    }

    /// The well-formed byte sequences of Unicode, table 3-7.
    private mutating func wide(_ byte: UInt8) {
        if pending > 0 {
            guard byte >= lowest, byte <= highest else { return bad() }
            pending -= 1
            lowest = 0x80
            highest = 0xBF
            return
        }
        switch byte {
        case 0xC2...0xDF: pending = 1
        case 0xE0...0xEF:
            pending = 2
            if byte == 0xE0 { lowest = 0xA0 }
            if byte == 0xED { highest = 0x9F }
        case 0xF0...0xF4:
            pending = 3
            if byte == 0xF0 { lowest = 0x90 }
            if byte == 0xF4 { highest = 0x8F }
        default: bad()
        }
    }

    private mutating func bad() {
        if isUTF8 { firstBadLine = line }
        isUTF8 = false
        pending = 0
        lowest = 0x80
        highest = 0xBF
    }
}
