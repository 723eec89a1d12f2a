// SPDX-License-Identifier: Apache-2.0
import Documents

/// Collects the one document of an XML file in a syntax for invoices.
protocol InvoiceVisitor: XMLVisitor {
    var faults: [Fault] { get }
    /// What the document comes to, once it has closed.
    var documents: [Document] { get }
}

extension InvoiceVisitor {
    /// Reads the document, and emits what it comes to unless something refuses it.
    /// - Throws: `ReadFailure` when the file cannot be read, and what `emit` throws.
    func read(_ input: XMLInput, format: String, _ emit: (Document) throws -> Void) throws -> Reading {
        var reading = Reading(format: format)
        if let fault = try XMLReading.run(self, over: input, drain: {}) {
            // What was noted of a document that cannot be read to its end means nothing.
            reading.faults = [fault]
            return reading
        }
        var faults = FileFaults()
        for fault in self.faults { faults.add(fault) }
        reading.faults = faults.list
        reading.records = 1
        guard !reading.refused else { return reading }
        for document in documents { try emit(document) }
        return reading
    }
}
