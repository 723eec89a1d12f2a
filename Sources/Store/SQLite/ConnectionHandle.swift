// SPDX-License-Identifier: Apache-2.0
import GRDB

extension SQLiteHandle {
    /// Borrows the connection that GRDB opened; valid while GRDB's closure runs, or while its writer lives.
    convenience init(_ database: Database, path: String) throws {
        guard let connection = unsafe database.sqliteConnection else {
            throw StoreFailure("STORE-CLOSED", "\(path) is closed")
        }
        unsafe self.init(borrowing: connection)
    }
}
