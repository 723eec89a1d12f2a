// SPDX-License-Identifier: Apache-2.0
package import Documents

/// The current row of a running statement; valid only inside the closure that it was handed to.
package struct Row {
    let statement: PreparedStatement

    package func int(_ column: Int) -> Int64 { statement.integer(column) }
    package func text(_ column: Int) -> String { statement.text(column) }
    package func blob(_ column: Int) -> [UInt8] { statement.blob(column) }
    package func isNull(_ column: Int) -> Bool { statement.isNull(column) }
    package func value(_ column: Int) -> Value { statement.value(column) }

    package func optionalInt(_ column: Int) -> Int64? { isNull(column) ? nil : int(column) }
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    package func bool(_ column: Int) -> Bool { int(column) != 0 }
    package func day(_ column: Int) -> Day { Day(number: Int32(clamping: int(column))) }
    package func optionalDay(_ column: Int) -> Day? { isNull(column) ? nil : day(column) }
    package func time(_ column: Int) -> Timestamp { Timestamp(milliseconds: int(column)) }
    package func optionalTime(_ column: Int) -> Timestamp? { isNull(column) ? nil : time(column) }

    package func int(_ name: String) -> Int64 { int(position(name)) }
    package func text(_ name: String) -> String { text(position(name)) }
    package func blob(_ name: String) -> [UInt8] { blob(position(name)) }
    package func isNull(_ name: String) -> Bool { isNull(position(name)) }
    package func value(_ name: String) -> Value { value(position(name)) }
    package func optionalInt(_ name: String) -> Int64? { optionalInt(position(name)) }
    package func optionalText(_ name: String) -> String? { optionalText(position(name)) }
    package func bool(_ name: String) -> Bool { bool(position(name)) }
    package func day(_ name: String) -> Day { day(position(name)) }
    package func optionalDay(_ name: String) -> Day? { optionalDay(position(name)) }
    package func time(_ name: String) -> Timestamp { time(position(name)) }
    package func optionalTime(_ name: String) -> Timestamp? { optionalTime(position(name)) }

    /// The currency of a stored code; a code that no list knows is a damaged database.
    package func currency(_ name: String) throws -> Currency { try currency(position(name)) }

    package func currency(_ column: Int) throws -> Currency {
        let letters = statement.letters(column)
        if let known = statement.currency, known.letters == letters { return known.value }
        let code = text(column)
        guard let currency = Currency(code) else {
            throw StoreFailure("STORE-DAMAGED", "the stored currency “\(code)” is no ISO 4217 code; run verify")
        }
        if let letters { statement.currency = (letters, currency) }
        return currency
    }

    private func position(_ name: String) -> Int { statement.position(of: name) }
}
