// SPDX-License-Identifier: Apache-2.0
import CSQLite
import Crypto
import Documents

/// SHA-256 over rows of the log in one unmistakable form (`shim.h`), each with its values in the order of the columns.
///
/// A row is read back from the database (`PreparedStatement.add`), or added in that form while it is written.
@safe
final class RowsDigest {
    private var hash = SHA256()
    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity = 1 << 16
    private var used = 0
    private(set) var count: Int64 = 0

    init() { unsafe bytes = .allocate(capacity: 1 << 16) }

    deinit { unsafe bytes.deallocate() }

    /// - Parameter put: writes from `start` and sets `end`, or says that it needs more bytes than there is room.
    func write(
        _ put: (_ start: UnsafeMutablePointer<UInt8>, _ room: Int, _ end: inout UnsafeMutablePointer<UInt8>?) -> Int
    ) {
        var end: UnsafeMutablePointer<UInt8>? = unsafe bytes
        let needed = unsafe put(bytes + used, capacity - used, &end)
        if needed > capacity - used {
            makeRoom(needed)
            _ = unsafe put(bytes, capacity, &end)
        }
        if let end = unsafe end { used = unsafe end - bytes }
        count += 1
    }

    private func makeRoom(_ needed: Int) {
        unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(start: bytes, count: used))
        used = 0
        guard needed > capacity else { return }
        unsafe bytes.deallocate()
        capacity = needed
        unsafe bytes = .allocate(capacity: capacity)
    }

    /// A row with a value for each of the columns, as it is handed over to be written.
    func add(_ rows: RowBytes, _ row: RowBytes.Row) {
        let size = row.end - row.start
        if size > capacity - used { makeRoom(size) }
        unsafe (bytes + used).update(from: rows.start + row.start, count: size)
        used += size
        count += 1
    }

    func finish() -> [UInt8] {
        makeRoom(0)
        return [UInt8](hash.finalize())
    }
}

/// Rows that one thread makes and another writes: values in the form that digests are made of (`shim.h`), so that
/// neither handing them over nor writing them makes a text.
///
/// Unchecked: whoever hands it on does not touch it again.
@safe
final class RowBytes: @unchecked Sendable {
    struct Row {
        /// For which of the writer's statements it is.
        let statement: Int
        /// Where its first value is.
        let start: Int
        /// Where the next row is.
        let end: Int
    }

    private var values: RowValues
    private(set) var count = 0
    /// A bit for each statement that there are rows for.
    private var targets: UInt64 = 0
    static let usualSize = 1 << 16

    /// - Parameter size: bytes that it will probably take.
    init(size: Int = usualSize) { values = RowValues(size: size) }

    deinit { values.deallocate() }

    var size: Int { values.used }
    var start: UnsafeMutablePointer<UInt8> { unsafe values.bytes }

    /// Forgets the rows; the room stays.
    func clear() {
        values.clear()
        count = 0
        targets = 0
    }

    func holds(_ statement: Int) -> Bool { targets & 1 << UInt64(statement) != 0 }

    /// One more row: its values in the order of the statement's columns.
    @inline(__always)
    func add(_ statement: Int, _ place: (inout RowValues) -> Void) {
        count += 1
        targets |= 1 << UInt64(statement)
        var row = values
        let begun = row.begin(statement)
        place(&row)
        row.end(begun)
        values = row
    }

    /// The row that begins at a place; nil behind the last one.
    func row(at place: Int) -> Row? {
        guard place < values.used else { return nil }
        let head = unsafe UnsafeRawPointer(start + place)
        return Row(
            statement: Int(unsafe head.loadUnaligned(as: UInt32.self)), start: place + Int(TIEOUT_ROW_HEAD),
            end: Int(unsafe head.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
    }
}

/// The bytes of rows while values are placed behind them. A value of its own, so that the many small steps of a row
/// stay in registers; the rows own what it points to.
@safe
struct RowValues {
    fileprivate private(set) var bytes: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    fileprivate private(set) var used = 0

    fileprivate init(size: Int) {
        capacity = size
        unsafe bytes = .allocate(capacity: size)
    }

    fileprivate mutating func clear() { used = 0 }
    fileprivate func deallocate() { unsafe bytes.deallocate() }

    fileprivate mutating func begin(_ statement: Int) -> Int {
        makeRoom(Int(TIEOUT_ROW_HEAD))
        let begun = used
        unsafe UnsafeMutableRawPointer(bytes + begun).storeBytes(of: UInt32(statement), as: UInt32.self)
        used += Int(TIEOUT_ROW_HEAD)
        return begun
    }

    fileprivate func end(_ begun: Int) {
        unsafe UnsafeMutableRawPointer(bytes + begun).storeBytes(of: UInt32(used), toByteOffset: 4, as: UInt32.self)
    }

    @inline(__always)
    mutating func place(_ number: Int64?) {
        makeRoom(Int(TIEOUT_NUMBER_ROOM))
        if let number {
            used = unsafe tieout_put_number(bytes + used, number) - bytes
        } else {
            used = unsafe tieout_put_null(bytes + used) - bytes
        }
    }

    mutating func place(_ text: String?) {
        guard var text else { return place(nil as Int64?) }
        text.withUTF8 { characters in
            makeRoom(Int(TIEOUT_TEXT_ROOM) + characters.count)
            guard let start = characters.baseAddress else {
                used = unsafe tieout_put_text(bytes + used, bytes, 0) - bytes
                return
            }
            unsafe start.withMemoryRebound(to: CChar.self, capacity: characters.count) {
                used = unsafe tieout_put_text(bytes + used, $0, characters.count) - bytes
            }
        }
    }

    /// A text by its UTF-8 bytes.
    mutating func place(utf8 text: [UInt8]) {
        makeRoom(Int(TIEOUT_TEXT_ROOM) + text.count)
        unsafe text.withUnsafeBytes { characters in
            let start = unsafe characters.bindMemory(to: CChar.self).baseAddress
            guard let start = unsafe start else {
                used = unsafe tieout_put_text(bytes + used, bytes, 0) - bytes
                return
            }
            used = unsafe tieout_put_text(bytes + used, start, characters.count) - bytes
        }
    }

    /// As its text; a line's number is written without making one.
    mutating func place(_ position: Position) {
        guard case .line(let line, column: 0) = position, line >= 0 else { return place(position.text) }
        makeRoom(Int(TIEOUT_LINE_ROOM))
        used = unsafe tieout_put_line(bytes + used, Int64(line)) - bytes
    }

    mutating func placeNulls(_ count: Int) {
        for _ in 0..<count { place(nil as Int64?) }
    }

    @inline(__always)
    private mutating func makeRoom(_ size: Int) {
        if size > capacity - used { grow(size) }
    }

    @inline(never)
    private mutating func grow(_ size: Int) {
        capacity = max(capacity * 2, used + size)
        let wider = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        unsafe wider.update(from: bytes, count: used)
        unsafe bytes.deallocate()
        unsafe bytes = wider
    }
}
