// SPDX-License-Identifier: Apache-2.0
import CZip
import Documents

/// What an archive may weigh. Past a limit the file is refused with `ZIP-LIMIT`.
struct ZipLimits: Sendable {
    var entries = 10_000
    /// Inflated bytes of one entry.
    var entryBytes: UInt64 = 2 << 30
    /// Inflated bytes over packed bytes of one entry that is larger than `ratioFrom`.
    var ratio: UInt64 = 400
    var ratioFrom: UInt64 = 64 << 20
}

/// One zip archive on disk, read only; the only place that touches libzip.
@safe final class ZipHandle {
    struct Entry: Hashable, Sendable {
        var index: UInt64
        /// With `/` between folders, as the archive spells it.
        var name: String
        /// As the archive states it; what is really inflated is counted, too.
        var size: UInt64
        var packed: UInt64
        var isEncrypted: Bool
    }

    let entries: [Entry]
    private let archive: OpaquePointer
    private let limits: ZipLimits
    private static let piece = 64 << 10

    private init(_ archive: OpaquePointer, _ entries: [Entry], _ limits: ZipLimits) {
        unsafe self.archive = archive
        self.entries = entries
        self.limits = limits
    }

    deinit { unsafe zip_discard(archive) }

    /// Opens an archive and lists it, or says why it is refused.
    static func open(path: String, limits: ZipLimits = ZipLimits()) -> Result<ZipHandle, Fault.AsError> {
        var code: Int32 = 0
        guard let archive = unsafe zip_open(path, ZIP_RDONLY, &code) else {
            return .failure(damaged("the archive's list of contents cannot be read (libzip error \(code))"))
        }
        let count = unsafe zip_get_num_entries(archive, 0)
        guard count <= limits.entries else {
            unsafe zip_discard(archive)
            return .failure(limit("the archive has \(count) entries; \(limits.entries) is the most"))
        }
        var entries: [Entry] = []
        for index in 0..<UInt64(max(0, count)) {
            var stat = unsafe zip_stat_t()
            guard unsafe zip_stat_index(archive, index, 0, &stat) == 0, let name = unsafe stat.name else { continue }
            entries.append(
                Entry(
                    index: index, name: unsafe String(cString: name), size: unsafe stat.size,
                    packed: unsafe stat.comp_size, isEncrypted: unsafe stat.encryption_method != 0))
        }
        return .success(unsafe ZipHandle(archive, entries, limits))
    }

    /// The entry of a name, in any case.
    func entry(_ name: String) -> Entry? {
        entries.first { $0.name == name } ?? entries.first { $0.name.lowercased() == name.lowercased() }
    }

    /// Inflates an entry in pieces; `body` returns false when it has seen enough.
    /// - Returns: Why the archive is refused.
    func read(_ entry: Entry, _ body: ([UInt8]) throws -> Bool) throws -> Fault? {
        if entry.isEncrypted {
            return Fault(
                "ZIP-ENCRYPTED", .refusal, at: .file, "\(entry.name) in the archive is encrypted",
                hint: "Save it again without a password.")
        }
        if let fault = tooLarge(entry, entry.size) { return fault }
        guard let file = unsafe zip_fopen_index(archive, entry.index, 0) else {
            return Self.damaged("\(entry.name) cannot be opened").fault
        }
        defer { _ = unsafe zip_fclose(file) }
        var seen: UInt64 = 0
        while true {
            var got: zip_int64_t = 0
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: Self.piece) { buffer, filled in
                guard let base = buffer.baseAddress else { return }
                got = unsafe zip_fread(file, base, UInt64(Self.piece))
                filled = max(0, Int(got))
            }
            guard got >= 0 else { return Self.damaged("\(entry.name) is damaged or cut off").fault }
            guard got > 0 else { return nil }
            seen += UInt64(got)
            if let fault = tooLarge(entry, seen) { return fault }
            guard try body(chunk) else { return nil }
        }
    }

    /// A small entry as a whole; empty when the archive has none of that name.
    /// - Parameter most: More bytes than this are refused.
    func bytes(_ name: String, most: Int) throws -> Result<[UInt8], Fault.AsError> {
        guard let entry = entry(name) else { return .success([]) }
        var bytes: [UInt8] = []
        var isLong = false
        let fault = try read(entry) { chunk in
            bytes += chunk
            isLong = bytes.count > most
            return !isLong
        }
        if let fault { return .failure(Fault.AsError(fault)) }
        if isLong { return .failure(Self.limit("\(name) is larger than \(most >> 10) KB")) }
        return .success(bytes)
    }

    private func tooLarge(_ entry: Entry, _ size: UInt64) -> Fault? {
        if size > limits.entryBytes {
            return Self.limit("\(entry.name) inflates to more than \(limits.entryBytes >> 20) MB").fault
        }
        if size > limits.ratioFrom, size / max(1, entry.packed) > limits.ratio {
            return Self.limit(
                "\(entry.name) inflates to more than \(limits.ratio) times its packed size, as an archive bomb does"
            ).fault
        }
        return nil
    }

    private static func limit(_ what: String) -> Fault.AsError {
        Fault.AsError(
            Fault(
                "ZIP-LIMIT", .refusal, at: .file, what,
                hint: "No export has that; if it is one, save the sheet as CSV and import that."))
    }

    private static func damaged(_ what: String) -> Fault.AsError {
        Fault.AsError(
            Fault(
                "ZIP-DAMAGED", .refusal, at: .file, what,
                hint: "The file was damaged or cut off on the way: download or save it again."))
    }
}
