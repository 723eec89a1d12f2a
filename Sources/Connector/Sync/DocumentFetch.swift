// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Mappings
import Remote
import Store

/// The documents of invoices from the systems that these came from: fetched when somebody asks for one, and kept by the
/// digest of their bytes.
struct DocumentFetch {
    /// In one go, and for how long: a person or the agent waits for the answer.
    static let countMax = 20
    static let timeMax: Int64 = 60_000

    let workplace: Workplace
    /// Nil where nothing may be fetched.
    let surroundings: SyncSurroundings?
    let store: StoreFile

    private var company: String { workplace.company.id }
    private var now: Timestamp { workplace.environment.now() }

    /// An invoice without a document, as a source knows it.
    private struct Wanted {
        var invoice: String
        var number: String
        var id: String
    }

    init(_ workplace: Workplace, _ surroundings: SyncSurroundings?, _ store: StoreFile) {
        self.workplace = workplace
        self.surroundings = surroundings
        self.store = store
    }

    /// Fetches and keeps what these invoices lack.
    /// - Returns: Why there is none, by invoice; nothing of an invoice that no source has documents of.
    func perform(_ invoices: [String]) throws -> [String: Fault] {
        guard let surroundings, workplace.books.sources.contains(where: { $0.pull != nil }) else { return [:] }
        let until = now + Self.timeMax
        var faults: [String: Fault] = [:]
        for source in workplace.books.sources {
            guard let pull = source.pull, let service = try? workplace.findService(of: pull), service.pdf != nil else {
                continue
            }
            let wanted = try store.read { try self.wanted(invoices, of: source.id, $0) }
            guard !wanted.isEmpty else { continue }
            let sync = SourceSync(
                workplace: workplace, source: source, pull: pull, service: service,
                options: Workplace.SyncOptions(), surroundings: surroundings, store: store)
            do {
                let failed = try SourceLock(database: workplace.database, source: "\(company)-\(source.id)").hold {
                    try fetch(wanted, sync, until: until)
                }
                faults.merge(failed) { first, _ in first }
            } catch let failure as StoreFailure where failure.code == "SYNC-BUSY" {
                let fault = Fault(failure.code, .refusal, at: .path(source.id), failure.message, hint: Self.later)
                for one in wanted { faults[one.invoice] = fault }
            } catch let failure as Failure {
                let message = failure.message.hasSuffix(".") ? String(failure.message.dropLast()) : failure.message
                let fault = Fault(failure.code, .refusal, at: .path(source.id), message, hint: failure.hint)
                for one in wanted { faults[one.invoice] = fault }
            }
        }
        return faults
    }

    private static let later = "Ask for it again later."

    private func wanted(_ invoices: [String], of source: String, _ session: Session) throws -> [Wanted] {
        var seen: Set<String> = []
        return try invoices.filter { seen.insert($0).inserted }.compactMap { invoice in
            guard try session.invoiceDocument(company: company, invoice: invoice) == nil else { return nil }
            let origins = try session.documentOrigins(company: company, invoice: invoice)
            return origins.first { $0.source == source }.map {
                Wanted(invoice: invoice, number: $0.number, id: $0.id)
            }
        }
    }

    private func fetch(_ wanted: [Wanted], _ sync: SourceSync, until: Timestamp) throws -> [String: Fault] {
        let access = try sync.access()
        var authentication = Authentication(sync.service, credential: access.credential)
        var faults: [String: Fault] = [:]
        for (index, one) in wanted.enumerated() {
            guard index < Self.countMax, now <= until else {
                faults[one.invoice] = Fault(
                    "DOCUMENT-LATER", .refusal, at: .path(one.number), "too many documents were asked for at once",
                    hint: Self.later)
                continue
            }
            guard
                var machine = Fetch(
                    sync.service, id: one.id, number: one.number, setting: access.setting,
                    authentication: authentication)
            else { continue }
            let ending = try drive(&machine, access)
            authentication = machine.authentication
            switch Self.document(ending) {
            case .success(let bytes):
                try store.write { session in
                    try session.storeAttachment(
                        company: company, invoice: one.invoice, name: Self.fileName(one.number),
                        mediaType: "application/pdf", bytes: bytes)
                }
            case .failure(let reason): faults[one.invoice] = reason.fault
            }
        }
        return faults
    }

    private struct NoDocument: Error { var fault: Fault }

    /// The bytes, when they are a PDF (ISO 32000-1, 7.5.2: its header stands within the first 1,024 bytes).
    private static func document(_ ending: Fetch.Ending) -> Result<[UInt8], NoDocument> {
        let bytes: [UInt8]?
        switch ending {
        case .failed(let fault): return .failure(NoDocument(fault: fault))
        case .body(let body): bytes = body
        case .base64(let text): bytes = Base64.decode(Array(text.utf8)[...])
        }
        guard let bytes, bytes.count <= Fetch.sizeMax, bytes.prefix(1024).firstRange(of: Array("%PDF-".utf8)) != nil
        else {
            return .failure(
                NoDocument(
                    fault: Fault(
                        "DOCUMENT-FORM", .refusal, at: .file, "what the system gave is no PDF",
                        hint: "See the invoice there, and send its document yourself.")))
        }
        return .success(bytes)
    }

    /// A name that no file system and no messenger trips over.
    private static func fileName(_ number: String) -> String {
        let letters = number.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
        return String(letters.drop { $0 == "." }.prefix(80)) + ".pdf"
    }

    // MARK: Driving the machine

    private func drive(_ machine: inout Fetch, _ access: SourceSync.Access) throws -> Fetch.Ending {
        // A clock that stands still, as in a demonstration, must not make a wait last for ever.
        var waited = Timestamp(milliseconds: 0)
        while true {
            let moment = max(now, waited)
            switch machine.next(at: moment) {
            case .send(let request): send(request, &machine, access)
            case .wait(let until):
                surroundings?.sleep(max(0, until.milliseconds - moment.milliseconds))
                waited = until
            case .keep(let credential):
                try access.keep(credential)
                machine.kept()
            case .end(let ending): return ending
            }
        }
    }

    private func send(_ request: PullRequest, _ machine: inout Fetch, _ access: SourceSync.Access) {
        let isForBytes = machine.isForBytes && request.isForRecords
        var wire = HTTPRequest(
            method: request.method, url: request.url.text, headers: request.headers, body: request.body)
        // Base64 takes four bytes for three.
        wire.sizeMax = isForBytes ? Fetch.sizeMax : Fetch.sizeMax / 3 * 4 + 1 << 20
        wire.timeoutMilliseconds = 30_000
        do {
            let response = try access.exchange(wire)
            let isDocument = isForBytes && (200..<300).contains(response.status)
            let answer =
                isDocument ? PullAnswer(withoutTree: response) : PullAnswer(response, as: request.format)
            machine.receive(answer, body: response.body, at: now)
        } catch {
            machine.lose(PullLoss(error), at: now)
        }
    }
}
