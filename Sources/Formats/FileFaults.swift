// SPDX-License-Identifier: Apache-2.0
import Documents

/// Faults in the order of the file, bounded: a file of a million bad rows is not a million sentences.
struct FileFaults {
    private var kept: [Fault] = []
    private var left = 0

    mutating func add(_ code: String, _ severity: Fault.Severity, at: Position, _ message: String, hint: String) {
        add(Fault(code, severity, at: at, message, hint: hint))
    }

    mutating func add(_ fault: Fault) {
        if kept.count < Reading.faultsMax || fault.severity == .refusal { kept.append(fault) } else { left += 1 }
    }

    var list: [Fault] {
        guard left > 0 else { return kept }
        return kept + [
            Fault(
                "FAULTS-MORE", .warning, at: .file, "\(left) more faults of this file are not listed",
                hint: "Correct the listed ones first.")
        ]
    }
}
