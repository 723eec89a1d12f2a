// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Documents
import FoundationEssentials
import Ledger
import Store
import Synchronization
import Testing
import TieoutTesting

@Suite struct StoreFileTests {
    @Test("The writer commits with synchronous=FULL, in WAL, with foreign keys, and says so when read back")
    func pragmas() throws {
        let books = try TestBooks()
        let read = try books.store.write { session in
            try ["synchronous", "foreign_keys", "journal_mode", "busy_timeout"].map { name in
                try session.first("PRAGMA \(name)") { $0.value(0) }
            }
        }
        #expect(read == [.integer(2), .integer(1), .text("wal"), .integer(5000)])
    }

    @Test("Closing the last connection does not checkpoint: that is the lock holder's to do")
    func noCheckpointOnClose() throws {
        let folder = try ScratchFolder("store")
        let store = try StoreFile(path: folder.path("a.db"))
        try store.write { try $0.script("CREATE TABLE t(x INTEGER)") }
        try store.close()
        #expect(FileManager.default.fileExists(atPath: folder.path("a.db-wal")))
    }

    @Test("A large log is emptied when its writer closes, unless somebody reads from it", arguments: [false, true])
    func largeLog(_ isRead: Bool) throws {
        let folder = try ScratchFolder("store")
        let path = folder.path("a.db")
        let store = try StoreFile(path: path)
        func logSize() throws -> Int {
            try #require(FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int)
        }
        func count(_ session: Session) throws -> Int64? { try session.first("SELECT COUNT(*) FROM t") { $0.int(0) } }
        try store.write { try $0.script("CREATE TABLE t(x BLOB)") }
        let other = try StoreFile(path: path, mode: .readOnly)
        try other.read { session in
            if isRead { #expect(try count(session) == 0) }
            try store.write { session in
                try session.script(
                    """
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
                    INSERT INTO t SELECT zeroblob(1048576) FROM n
                    """)
            }
            #expect(try logSize() > 16 << 20)
            try store.close()
            #expect(try (logSize() == 0) == !isRead)
            if isRead { #expect(try count(session) == 0) }
        }
        #expect(try other.read(count) == 20)
    }

    @Test(
        "What a large transaction left in the log is copied while it is read, and the next commit copies by itself again"
    )
    func logLeft() throws {
        let folder = try ScratchFolder("store")
        let path = folder.path("a.db")
        let store = try StoreFile(path: path)
        func size() throws -> Int {
            try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        }
        func fill(_ session: Session) throws {
            try session.script(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
                INSERT INTO t SELECT zeroblob(1048576) FROM n
                """)
        }
        try store.write { try $0.script("CREATE TABLE t(x BLOB)") }
        try store.write { session in
            try fill(session)
            session.leavesLog = true
        }
        #expect(try size() < 1 << 20)
        #expect(try store.readCommitted { try $0.first("SELECT COUNT(*) FROM t") { $0.int(0) } } == 20)
        #expect(try size() > 20 << 20)
        try store.write(fill)
        #expect(try size() > 40 << 20)
    }

    @Test("The log is emptied while what was committed is read on, and the reading goes on with the same state")
    func logEmptied() throws {
        let folder = try ScratchFolder("store")
        let path = folder.path("a.db")
        let store = try StoreFile(path: path)
        func logSize() throws -> Int {
            try #require(FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int)
        }
        func fill(_ session: Session, _ value: Int) throws {
            try session.script(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
                INSERT INTO t SELECT \(value), zeroblob(1048576) FROM n
                """)
        }
        try store.write { try $0.script("CREATE TABLE t(value INTEGER, x BLOB)") }
        try store.write { session in
            try fill(session, 1)
            session.leavesLog = true
        }
        func sum(_ session: Session) throws -> Int64? {
            try session.first("SELECT SUM(value) FROM t") { $0.int(0) }
        }
        let end = ContinuousClock.now + .seconds(30)
        let (full, emptied) = (
            try logSize(),
            try store.readCommitted { session in
                #expect(try sum(session) == 20)
                while try logSize() > 0, ContinuousClock.now < end { try session.moveOn() }
                let size = try logSize()
                // The lock is free again, and what others write is not seen.
                let other = try StoreFile(path: path)
                try other.write { try fill($0, 5) }
                try session.moveOn()
                #expect(try sum(session) == 20)
                return size
            }
        )
        #expect(full > 20 << 20)
        #expect(emptied == 0)
        #expect(try store.read(sum) == 120)
        try store.write { try fill($0, 1) }
        #expect(try store.read(sum) == 140)
    }

    @Test("A reading of what was committed that fails leaves the log to the copying, and the next write works")
    func readingFails() throws {
        let folder = try ScratchFolder("store")
        let store = try StoreFile(path: folder.path("a.db"))
        try store.write { session in
            try session.script("CREATE TABLE t(x BLOB)")
            session.leavesLog = true
        }
        #expect(throws: StoreFailure.self) {
            try store.readCommitted { _ in throw StoreFailure("TEST", "stop") }
        }
        try store.write { try $0.script("INSERT INTO t VALUES (1)") }
        #expect(try store.read { try $0.first("SELECT COUNT(*) FROM t") { $0.int(0) } } == 1)
    }

    @Test("A write that throws leaves nothing, and the next one works")
    func rollback() throws {
        let books = try TestBooks()
        #expect(throws: StoreFailure.self) {
            try books.store.write { session in
                try session.execute("INSERT INTO account_version(company, customer, version) VALUES ('a', 'b', 1)")
                throw StoreFailure("TEST", "stop")
            }
        }
        #expect(try books.count("account_version") == 0)
        try books.store.write { try $0.bumpAccountVersion(company: "a", customer: "b") }
        #expect(try books.count("account_version") == 1)
    }

    @Test("A dry run runs the same code and leaves nothing")
    func dryRun() throws {
        let books = try TestBooks()
        let version = try books.store.write(dryRun: true) { session in
            try session.bumpAccountVersion(company: "a", customer: "b")
            return try session.accountVersion(company: "a", customer: "b")
        }
        #expect(version == 1)
        #expect(try books.count("account_version") == 0)
    }

    @Test("Two instances and many threads take turns: no increment is lost, no writer overlaps another")
    func oneWriter() throws {
        let books = try TestBooks()
        let second = try StoreFile(path: books.path)
        let inside = Atomic<Int>(0)
        let overlaps = Atomic<Int>(0)
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for _ in 0..<25 {
                do {
                    try (thread.isMultiple(of: 2) ? books.store : second).write { session in
                        if inside.add(1, ordering: .sequentiallyConsistent).newValue != 1 {
                            overlaps.add(1, ordering: .relaxed)
                        }
                        let before = try session.accountVersion(company: "a", customer: "b")
                        try session.execute(
                            """
                            INSERT INTO account_version(company, customer, version) VALUES ('a', 'b', ?)
                            ON CONFLICT (company, customer) DO UPDATE SET version = excluded.version
                            """, [before + 1])
                        inside.subtract(1, ordering: .sequentiallyConsistent)
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(overlaps.load(ordering: .relaxed) == 0)
        #expect(try books.store.read { try $0.accountVersion(company: "a", customer: "b") } == 200)
    }

    @Test("A write that fails among others that share its transaction undoes only itself")
    func groupCommit() throws {
        let books = try TestBooks()
        let refused = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 40) { index in
            do {
                try books.store.write { session in
                    try session.bumpAccountVersion(company: "a", customer: "b")
                    if index.isMultiple(of: 4) { throw StoreFailure("TEST", "no") }
                }
            } catch {
                refused.add(1, ordering: .relaxed)
            }
        }
        #expect(refused.load(ordering: .relaxed) == 10)
        #expect(try books.store.read { try $0.accountVersion(company: "a", customer: "b") } == 30)
    }

    @Test("A database of a later schema is refused with both numbers")
    func newerSchema() throws {
        let books = try TestBooks()
        try books.store.write { try $0.script("PRAGMA user_version=99") }
        try books.store.close()
        let failure = #expect(throws: StoreFailure.self) { _ = try StoreFile(path: books.path) }
        #expect(failure?.code == "STORE-NEWER")
        #expect(failure?.message.contains("99") == true)
    }

    @Test("Opening again migrates nothing twice and keeps the data")
    func reopen() throws {
        let books = try TestBooks()
        try books.load([Make.invoice("1", 100)])
        try books.store.close()
        let again = try StoreFile(path: books.path)
        #expect(try again.read { try $0.openItems(company: "acme").map(\.number) } == ["1"])
    }

    @Test("Read-only opens what is there, refuses what is not, and never writes")
    func readOnly() throws {
        let books = try TestBooks()
        try books.load([Make.invoice("1", 100)])
        let reader = try StoreFile(path: books.path, mode: .readOnly)
        #expect(try reader.read { try $0.openItems(company: "acme").count } == 1)
        let failure = #expect(throws: StoreFailure.self) { try reader.write { _ in } }
        #expect(failure?.code == "STORE-READONLY")
        let missing = #expect(throws: StoreFailure.self) {
            _ = try StoreFile(path: books.folder.path("none.db"), mode: .readOnly)
        }
        #expect(missing?.code == "STORE-MISSING")
    }

    @Test("A query inside the loop over the same query does not disturb it")
    func nestedQuery() throws {
        let books = try TestBooks()
        let sql = "SELECT value FROM (SELECT 1 AS value UNION SELECT 2 UNION SELECT 3) ORDER BY value"
        let pairs = try books.store.read { session in
            try session.rows(sql) { outer in try session.rows(sql) { outer.int(0) * 10 + $0.int(0) } }
        }
        #expect(pairs.flatMap { $0 } == [11, 12, 13, 21, 22, 23, 31, 32, 33])
    }

    @Test(
        "Text, bytes, numbers and nothing come back as they went in",
        arguments: ["", "O'Neil; DROP", "Ünïcødé 🧾", "007"])
    func values(_ text: String) throws {
        let books = try TestBooks()
        let back = try books.store.read { session in
            try session.first("SELECT ?, ?, ?, ?, ?", [text, [UInt8]([0, 255, 7]), Int64.min, nil, [UInt8]()]) { row in
                (0..<5).map { row.value($0) }
            }
        }
        #expect(back == [.text(text), .blob([0, 255, 7]), .integer(.min), .null, .blob([])])
    }

    @Test("Originals are kept once, compressed, and found by their digest")
    func originals() throws {
        let books = try TestBooks()
        let bytes = [UInt8](String(repeating: "invoice;1180,00\n", count: 50_000).utf8)
        let digest = ContentDigest.sha256(bytes)
        try books.store.keepOriginal(bytes, sha256: digest)
        try books.store.keepOriginal(bytes, sha256: digest)
        #expect(try books.store.original(sha256: digest) == bytes)
        let file = "\(books.path).d/sha256/\(digest.prefix(2))/\(digest.dropFirst(2))"
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
        #expect(size > 0 && size < bytes.count / 10)
        #expect(throws: StoreFailure.self) { try books.store.keepOriginal(bytes, sha256: "../../etc/passwd") }
    }
}
