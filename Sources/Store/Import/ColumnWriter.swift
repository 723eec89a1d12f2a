// SPDX-License-Identifier: Apache-2.0
import Documents

/// Binds one staged row column by column and hashes what it binds: the content by which a re-import sees a change.
struct ColumnWriter {
    let statement: PreparedStatement
    private var index: Int
    private var content = Fingerprint.Builder()

    init(_ statement: PreparedStatement, from index: Int = 0) {
        self.statement = statement
        self.index = index
        statement.reset()
    }

    /// A column that is not part of the content.
    mutating func place(_ text: String?) {
        if let text {
            statement.bind(index, text)
        } else {
            statement.bindNull(index)
        }
        index += 1
    }

    mutating func place(_ number: Int64?) {
        if let number {
            statement.bind(index, number)
        } else {
            statement.bindNull(index)
        }
        index += 1
    }

    mutating func text(_ text: String?) {
        content.add(text)
        place(text)
    }

    mutating func number(_ number: Int64?) {
        if let number {
            content.add(number)
        } else {
            content.add(nil as String?)
        }
        place(number)
    }

    mutating func day(_ day: Day?) { number(day.map { Int64($0.number) }) }
    mutating func money(_ money: Money?) { number(money?.minorUnits) }
    /// Part of the content without a column of its own.
    mutating func mix(_ text: String?) { content.add(text) }

    /// Leaves room for a column that is bound at the end.
    mutating func skip() -> Int {
        index += 1
        return index - 1
    }

    func contentHash() -> Int64 { Int64(bitPattern: content.finish().low) }

    func insert() throws { while try statement.step() {} }
}
