// SPDX-License-Identifier: Apache-2.0
package import Documents
import Trees

/// One invoice's document from the system it came from, as a machine: requests out, answers in, its bytes at the end.
///
/// Its requests only read, so one without an answer is sent again. A link to another host and a redirect are followed
/// without credentials, and never from the network into this machine.
package struct Fetch: Sendable {
    package enum Action: Sendable {
        /// Send it, then `receive` or `lose`.
        case send(PullRequest)
        case wait(until: Timestamp)
        /// Make it durable before anything else, then `kept`.
        case keep(Credential)
        case end(Ending)
    }

    package enum Ending: Hashable, Sendable {
        /// The body of the last answer.
        case body([UInt8])
        /// The document as base64 text.
        case base64(String)
        case failed(Fault)
    }

    /// The largest document that is taken.
    package static let sizeMax = 25 << 20
    /// Redirects in a row.
    private static let hopsMax = 3
    /// Somebody waits for it: a longer pause ends it. Milliseconds.
    private static let waitMax: Int64 = 60_000

    private let document: Service.Document
    private let format: Mapping.FileFormat
    private let setting: PullSetting
    private let home: WebAddress?
    package private(set) var authentication: Authentication
    private var values = RequestValues()
    private var step = 0
    /// Where a link or a redirect leads.
    private var link: WebAddress?
    private var asked: PullRequest?
    private var hops = 0
    private var attempts = 0
    private var waited: Int64 = 0
    private var hasRefreshed = false
    private var waitUntil: Timestamp?
    private var ending: Ending?

    /// - Parameters:
    ///   - id: of the invoice, as the system gives it.
    /// - Returns: Nil where the mapping does not say how the system hands documents out.
    package init?(
        _ service: Service, id: String, number: String, setting: PullSetting, authentication: Authentication
    ) {
        guard let document = service.pdf else { return nil }
        self.document = document
        format = service.streams.first?.format ?? .json
        self.setting = setting
        self.authentication = authentication
        values.config = setting.config
        values.secrets = setting.secrets
        values.plain = ["id": id, "invoice_id": id, "invoice_number": number]
        home = document.steps.first?.shape.base.filled(values).flatMap { WebAddress($0) }
    }

    /// The answer to the request in hand is the document itself, to be taken as it is.
    package var isForBytes: Bool { link != nil || step == document.steps.count - 1 && document.content == .body }

    package mutating func next(at now: Timestamp) -> Action {
        if let credential = authentication.unkept { return .keep(credential) }
        if let ending { return .end(ending) }
        if let until = waitUntil {
            if until > now { return .wait(until: until) }
            waitUntil = nil
        }
        if let link, !isSigned { return follow(link, [], at: now) }
        values.session = authentication.values
        if authentication.needsToken(at: now) {
            let earliest = authentication.earliest(at: now)
            guard earliest > now else { return send(authentication.request(values, setting, at: now), at: now) }
            wait(earliest.milliseconds - now.milliseconds, at: now)
            return next(at: now)
        }
        guard let credentials = authentication.headers(values) else {
            return send(.failure(RequestProblem("a credential of the source is not set")), at: now)
        }
        if let link { return follow(link, credentials, at: now) }
        let shape = document.steps[step].shape
        let isMissing = step > 0 && shape.names.contains { isKept($0) && values.plain[$0] == nil }
        if isMissing { return fail("DOCUMENT-MISSING", "the system has no document of it", hint: Self.byHand, at: now) }
        return send(
            shape.request(values, purpose: .page, format: format, extra: []).map { $0.signed(credentials) }, at: now)
    }

    /// The request in hand carries credentials: it goes to the system itself, and nobody redirected it.
    private var isSigned: Bool {
        guard let link else { return true }
        return hops == 0 && home.map { link.isSameOrigin(as: $0) } ?? false
    }

    private func isKept(_ name: String) -> Bool {
        document.steps.contains { $0.keep.contains { $0.name == name } }
    }

    package mutating func kept() { authentication.kept() }

    /// Without what else the source's requests say.
    private mutating func follow(
        _ link: WebAddress, _ credentials: [(name: String, value: String)], at now: Timestamp
    ) -> Action {
        let accept = [(name: "Accept", value: "application/pdf, */*;q=0.5")]
        return send(
            .success(
                PullRequest(
                    purpose: .page, method: "GET", url: link, headers: accept + credentials, body: nil, format: format)
            ), at: now)
    }

    private mutating func send(_ result: Result<PullRequest, RequestProblem>, at now: Timestamp) -> Action {
        switch result {
        case .failure(let problem):
            return fail(
                "DOCUMENT-SETTING", "the request cannot be written: \(problem.message)", hint: "Set it in the source.",
                at: now)
        case .success(let request):
            guard setting.allows(request.url) else {
                return fail(
                    "DOCUMENT-ADDRESS", "\(request.url.origin) is not encrypted", hint: Self.byHand, at: now)
            }
            asked = request
            return .send(request)
        }
    }

    // MARK: What came back

    /// - Parameter body: as it came; it is taken where `isForBytes` says so.
    package mutating func receive(_ answer: PullAnswer, body: [UInt8], at now: Timestamp) {
        guard let request = asked else {
            preconditionFailure("a fetch is handed an answer that it did not ask for")
        }
        asked = nil
        guard request.purpose == .page else { return receiveToken(answer, at: now) }
        if isForBytes, [301, 302, 303, 307, 308].contains(answer.status) { return redirect(answer, from: request.url) }
        switch answer.status {
        case 401 where isSigned && !hasRefreshed && authentication.refuse(): hasRefreshed = true
        case 429, 500...599, 408:
            retry(
                "the system answered with status \(answer.status)\(SystemWords.of(answer))",
                after: answer.header("retry-after").flatMap { Int64($0) }.map { $0 * 1000 }, at: now)
        case 404, 410: finish("DOCUMENT-MISSING", "the system has no document of it", hint: Self.byHand)
        default: judge(answer, body, request.url)
        }
    }

    private mutating func judge(_ answer: PullAnswer, _ body: [UInt8], _ url: WebAddress) {
        guard answer.isSuccess else {
            return finish(
                "DOCUMENT-REFUSED", "the system answered with status \(answer.status)\(SystemWords.of(answer))",
                hint: "See what the source may read there. " + Self.byHand)
        }
        if isForBytes {
            ending = .body(body)
            return
        }
        guard let tree = answer.tree, document.steps[step].ok?.holds(answer) ?? true else {
            return finish(
                "DOCUMENT-REFUSED", "the system's answer is none that can be used\(SystemWords.of(answer))",
                hint: Self.byHand)
        }
        for (name, path) in document.steps[step].keep {
            values.plain[name] = path.hits(in: [tree]).first?.ownText
        }
        (attempts, hasRefreshed) = (0, false)
        guard step == document.steps.count - 1 else {
            step += 1
            return
        }
        switch document.content {
        case .body: preconditionFailure("a body is taken before it is read as a tree")
        case .base64(let path):
            ending = path.hits(in: [tree]).first?.ownText.flatMap { $0.isEmpty ? nil : .base64($0) } ?? nothing
        case .link(let path):
            guard let text = path.hits(in: [tree]).first?.ownText, !text.isEmpty else {
                ending = nothing
                return
            }
            lead(to: url.resolved(text), "the link to its document")
        }
    }

    private var nothing: Ending {
        .failed(Fault("DOCUMENT-MISSING", .refusal, at: .file, "the system has no document of it", hint: Self.byHand))
    }

    private mutating func redirect(_ answer: PullAnswer, from url: WebAddress) {
        hops += 1
        guard hops <= Self.hopsMax else {
            return finish("DOCUMENT-ADDRESS", "its document is redirected again and again", hint: Self.byHand)
        }
        lead(to: answer.header("location").flatMap { url.resolved($0) }, "the redirect to its document")
    }

    /// Nobody outside may send us to what only this machine reaches.
    private mutating func lead(to address: WebAddress?, _ what: String) {
        guard let address,
            home.map({ address.isSameOrigin(as: $0) }) == true
                || (address.isLoopback ? home?.isLoopback == true : address.scheme == "https")
        else {
            return finish(
                "DOCUMENT-ADDRESS", "\(what) leads to no address that may be asked", hint: Self.byHand)
        }
        (link, attempts) = (address, 0)
    }

    private mutating func receiveToken(_ answer: PullAnswer, at now: Timestamp) {
        if answer.isSuccess, authentication.receive(answer, at: now) { return }
        finish(
            "DOCUMENT-AUTH",
            "the system does not accept the credentials (status \(answer.status)\(SystemWords.of(answer)))",
            hint: "Authorise the source again and set the new secret.")
    }

    /// There is no answer.
    package mutating func lose(_ loss: PullLoss, at now: Timestamp) {
        asked = nil
        guard loss.isPassing else {
            return finish(loss.code, loss.message, hint: "Check the address and the network. " + Self.byHand)
        }
        retry(loss.message, after: nil, at: now)
    }

    private mutating func retry(_ message: String, after pause: Int64?, at now: Timestamp) {
        guard attempts < setting.bounds.retriesMax else {
            return finish("DOCUMENT-LOST", message, hint: "Ask for it again later. " + Self.byHand)
        }
        attempts += 1
        wait(pause ?? 1000 << Int64(attempts), at: now)
    }

    private mutating func wait(_ milliseconds: Int64, at now: Timestamp) {
        waited += max(0, milliseconds)
        guard waited <= Self.waitMax else {
            return finish(
                "DOCUMENT-LATER", "the system wants \(milliseconds / 1000) seconds of patience",
                hint: "Ask for it again later. " + Self.byHand)
        }
        waitUntil = now + max(0, milliseconds)
    }

    private static let byHand = "Send the document yourself."

    private mutating func fail(_ code: String, _ message: String, hint: String, at now: Timestamp) -> Action {
        finish(code, message, hint: hint)
        return next(at: now)
    }

    private mutating func finish(_ code: String, _ message: String, hint: String) {
        let secrets = setting.secrets.values.sorted() + authentication.secrets
        ending = .failed(
            Fault(code, .refusal, at: .file, SystemWords.redacted(message, secrets: secrets), hint: hint))
    }
}
