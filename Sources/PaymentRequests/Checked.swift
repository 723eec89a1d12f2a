// SPDX-License-Identifier: Apache-2.0
package import Documents

/// A value that passed every check, or all that is wrong with what it was to be made from.
package enum Checked<Value: Hashable & Sendable>: Hashable, Sendable {
    case valid(Value)
    case invalid([Fault])

    package var value: Value? {
        switch self {
        case .valid(let value): value
        case .invalid: nil
        }
    }

    package var faults: [Fault] {
        switch self {
        case .valid: []
        case .invalid(let faults): faults
        }
    }
}

/// Faults as they are found; a payment request is refused whole, so every one is a refusal.
struct FaultList {
    private(set) var faults: [Fault] = []

    mutating func add(_ code: String, at place: Position, _ message: String, hint: String) {
        faults.append(Fault(code, .refusal, at: place, message, hint: hint))
    }

    /// Adds the fault when `text` is longer than `max` characters or holds a control character.
    mutating func checkText(_ text: String, max: Int, code: String, at place: Position) {
        if text.unicodeScalars.count > max {
            add(code, at: place, "\(text.unicodeScalars.count) characters where \(max) fit.", hint: "Shorten it.")
        }
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            add(code, at: place, "A line break or another control character is in it.", hint: "Remove it.")
        }
    }

    func checked<Value>(_ value: Value) -> Checked<Value> {
        faults.isEmpty ? .valid(value) : .invalid(faults)
    }
}
