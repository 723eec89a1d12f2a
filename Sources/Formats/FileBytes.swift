// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Reads files through descriptors; the one place in Formats that calls `open` and `read`.
///
/// No memory mapping: a file that is truncated meanwhile would be a SIGBUS.
@safe enum FileBytes {
    static func each(path: String, chunk size: Int, _ body: ([UInt8]) throws -> Void) throws {
        let descriptor = try opened(path)
        defer { close(descriptor) }
        while true {
            let chunk = try bytes(of: descriptor, path: path, count: max(1, size))
            if chunk.isEmpty { return }
            try body(chunk)
            // A short piece is the last one.
            if chunk.count < size { return }
        }
    }

    static func head(path: String, count: Int) throws -> [UInt8] {
        let descriptor = try opened(path)
        defer { close(descriptor) }
        return try bytes(of: descriptor, path: path, count: max(0, count))
    }

    /// The first bytes, at most `count` of them, and how many the file has; fewer where it is none on a disk.
    static func beginning(path: String, count: Int) throws -> (bytes: [UInt8], size: Int) {
        let descriptor = try opened(path)
        defer { close(descriptor) }
        let found = try bytes(of: descriptor, path: path, count: max(1, count))
        if found.count < count { return (found, found.count) }
        return (found, max(0, lseek(descriptor, 0, SEEK_END)))
    }

    /// Writes a small file anew: what a person asked to be recorded.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ReadFailure("FILE-OPEN", "\(path) cannot be written (errno \(errno))") }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let put = unsafe bytes.withUnsafeBytes { raw in
                unsafe raw.baseAddress.map { unsafe Glibc.write(descriptor, $0 + done, raw.count - done) } ?? -1
            }
            if put < 0, errno == EINTR { continue }
            guard put > 0 else { throw ReadFailure("FILE-WRITE", "\(path) cannot be written (errno \(errno))") }
            done += put
        }
    }

    /// How many bytes from an index on are neither NUL nor above 0x7F, and the line feeds among them; eight at a time,
    /// so a piece that has another byte is not counted at all.
    static func plain(_ bytes: [UInt8], from start: Int) -> (count: Int, lineFeeds: Int) {
        unsafe bytes.withUnsafeBytes { raw in
            var index = start
            var feeds = 0
            while index + 8 <= raw.count {
                let word = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                let highs: UInt64 = 0x8080_8080_8080_8080
                // A byte that is zero borrows from above and gets its highest bit.
                guard (word | (word &- 0x0101_0101_0101_0101)) & highs == 0 else { break }
                // Of bytes below 0x80, those that are no line feed reach the highest bit.
                let others = (word ^ 0x0A0A_0A0A_0A0A_0A0A) &+ 0x7F7F_7F7F_7F7F_7F7F
                if others & highs != highs { feeds &+= 8 - (others & highs).nonzeroBitCount }
                index += 8
            }
            return (index - start, feeds)
        }
    }

    private static func opened(_ path: String) throws -> Int32 {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ReadFailure(
                "FILE-OPEN", "\(path) cannot be opened (errno \(errno))",
                hint: "Check that it is there and may be read.")
        }
        return descriptor
    }

    /// Exactly `count` bytes unless the file ends before.
    private static func bytes(of descriptor: Int32, path: String, count: Int) throws -> [UInt8] {
        var failure: Int32 = 0
        let chunk = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                guard let base = buffer.baseAddress else { return }
                let got = unsafe read(descriptor, base + filled, count - filled)
                if got < 0 {
                    if errno == EINTR { continue }
                    failure = errno
                    return
                }
                if got == 0 { return }
                filled += got
            }
        }
        guard failure == 0 else {
            throw ReadFailure("FILE-READ", "\(path) cannot be read (errno \(failure))")
        }
        return chunk
    }

    /// The names in a folder that end in `suffix`, sorted by bytes; hidden ones are left out.
    static func names(in folder: String, suffix: String) throws -> [String] {
        try FolderEntry.all(in: folder).map(\.name).filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// What a folder holds, as its own list says: no file is looked at for it, and there may be a hundred thousand.
@safe package struct FolderEntry: Sendable {
    /// `other` is a link, or a file system that does not say.
    package enum Kind: Sendable { case file, folder, other }

    package let name: String
    package let kind: Kind

    /// In no order; hidden ones, `.` and `..` included.
    /// - Throws: `ReadFailure` when the folder cannot be opened.
    package static func all(in folder: String) throws -> [FolderEntry] {
        guard let handle = unsafe opendir(folder) else {
            throw ReadFailure(
                "FILE-OPEN", "\(folder) cannot be opened as a folder (errno \(errno))",
                hint: "Check that it is there and may be read.")
        }
        defer { _ = unsafe closedir(handle) }
        var entries: [FolderEntry] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            let type = unsafe Int(entry.pointee.d_type)
            let kind: Kind = type == Int(DT_REG) ? .file : type == Int(DT_DIR) ? .folder : .other
            entries.append(FolderEntry(name: name, kind: kind))
        }
        return entries
    }
}
