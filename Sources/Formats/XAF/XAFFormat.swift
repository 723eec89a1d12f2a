// SPDX-License-Identifier: Apache-2.0
package import Documents

/// The Dutch audit file XAF 3.0 to 3.2 of Exact, Twinfield and others: customers, and what moves on their accounts.
///
/// It is read twice: which account is receivables, and the invoices' due days, may stand after the transactions.
package enum XAFFormat {
    package static let format = Format(name: name, isLedger: true, detect: detect, read: read)
    private static let name = "xaf"

    package static func detect(head: [UInt8], name: String) -> Format.Detection {
        guard XMLRoot.looksLikeXML(head), let root = XMLRoot.sniff(head), root.name == "auditfile" else { return .none }
        return root.namespace.lowercased().contains("auditfiles.nl")
            ? Format.Detection(100, "the root element is auditfile of \(root.namespace)")
            : Format.Detection(70, "the root element is auditfile, as in XAF")
    }

    /// Reads the whole audit file, a document at a time.
    /// - Throws: `ReadFailure` when the file cannot be read, and what `emit` throws.
    package static func read(
        _ file: SourceFile, _ context: ReadingContext, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: name)
        return try read(.file(file), origin, emit)
    }

    /// The same on bytes in memory, in any pieces.
    package static func read(
        pieces: [[UInt8]], _ origin: Provenance.Origin, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        try read(.pieces(pieces), origin, emit)
    }

    private static func read(
        _ input: XMLInput, _ origin: Provenance.Origin, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        var reading = Reading(format: name)
        let survey = XAFSurvey()
        if let refusal = try XMLReading.run(survey, over: input, drain: {}) {
            reading.faults = [refusal]
            return reading
        }
        let visitor = XAFVisitor(origin: origin, terms: survey.terms, accounts: survey.accounts)
        let refusal = try XMLReading.run(visitor, over: input) {
            for document in visitor.take() { try emit(document) }
        }
        reading.faults = visitor.faults.list
        if let refusal { reading.faults.append(refusal) }
        reading.records = visitor.records
        return reading
    }

    /// Why a file with this root is none of ours.
    static func refusal(_ root: String, _ namespace: String) -> Fault? {
        let version = namespace.split(separator: "/").last.map(String.init) ?? ""
        guard root == "auditfile", namespace.isEmpty || namespace.lowercased().contains("auditfiles.nl") else {
            return Fault(
                "FORMAT-UNSUPPORTED", .refusal, at: .path("/\(root)"),
                "the root element \(root)\(namespace.isEmpty ? "" : " of \(namespace)") is no XAF audit file",
                hint: "Export the audit file as XAF 3.2.")
        }
        guard !namespace.isEmpty, !["3.0", "3.1", "3.2"].contains(version) else { return nil }
        return Fault(
            "FORMAT-UNSUPPORTED", .refusal, at: .path("/\(root)"),
            "the audit file is version \(version.prefix(20)), and 3.0 to 3.2 are read",
            hint: "Export the audit file as XAF 3.2.")
    }
}

/// The first pass: which accounts are receivables, and what the subledgers say of invoices; both may stand after the
/// transactions that need them.
final class XAFSurvey: XMLVisitor {
    struct Terms {
        var issuedOn: Day?
        var dueOn: Day?
    }

    let tree = XMLTree<XAFName>()
    /// By customer and invoice.
    private(set) var terms: [String: Terms] = [:]
    private(set) var accounts = XAFAccounts()
    /// Beyond this due days are left out; a file of a million open invoices is no Dutch company's.
    private static let termsMax = 2_000_000

    static func key(_ customer: String, _ invoice: String) -> String { "\(customer)\t\(invoice)" }

    func begin(_ name: String, namespace: String) -> Fault? { XAFFormat.refusal(name, namespace) }

    func closed(_ record: XMLNode<XAFName>) -> Fault? {
        if record.name == .ledgerAccount { accounts.add(record) }
        if record.name == .transaction, let journal = record.parent, journal[.journalType]?.text == "S",
            let account = journal[.offsetAccount]?.text
        {
            accounts.salesOffset(account)
        }
        guard record.name == .subledgerLine, terms.count < Self.termsMax, record[.purchaseOrSale]?.text != "P",
            let customer = record[.customerID]?.line1, let invoice = record[.invoiceReference]?.line1
        else { return nil }
        let key = Self.key(customer, invoice)
        var known = terms[key] ?? Terms()
        known.issuedOn = known.issuedOn ?? record[.invoiceDay]?.day
        known.dueOn = known.dueOn ?? record[.dueDay]?.day
        terms[key] = known
        return nil
    }
}
