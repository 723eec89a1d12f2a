// SPDX-License-Identifier: Apache-2.0
package import Documents

/// What a column can hold. Amounts are minor units, days are days since 1970, times are milliseconds.
package enum Value: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

/// What may stand for a `?` in a statement.
package protocol Bindable: Sendable {
    var bound: Value { get }
}

extension Value: Bindable { package var bound: Value { self } }
extension String: Bindable { package var bound: Value { .text(self) } }
extension Int64: Bindable { package var bound: Value { .integer(self) } }
extension Int: Bindable { package var bound: Value { .integer(Int64(self)) } }
extension Bool: Bindable { package var bound: Value { .integer(self ? 1 : 0) } }
extension Day: Bindable { package var bound: Value { .integer(Int64(number)) } }
extension Timestamp: Bindable { package var bound: Value { .integer(milliseconds) } }
extension Currency: Bindable { package var bound: Value { .text(code) } }
extension [UInt8]: Bindable { package var bound: Value { .blob(self) } }
