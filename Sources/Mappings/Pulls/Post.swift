// SPDX-License-Identifier: Apache-2.0
package import Documents
import Trees

/// One write to a system as a machine: requests out, answers in, and at the end whether the system has it.
///
/// A request that may have changed something is never sent twice, unless the system knows its key again. What broke off
/// after such a request is *unknown*: it is looked for before anything else is done.
package struct Post: Sendable {
    package enum Work: Sendable {
        case pay, find, reverse
    }

    package enum Action: Sendable {
        case send(PullRequest)
        case wait(until: Timestamp)
        /// Make it durable before anything else, then `kept`.
        case keep(Credential)
        case end(Ending)
    }

    package enum Ending: Hashable, Sendable {
        /// The system has it; what its answers were kept as. For `find`: empty when it is not there.
        case done([String: String])
        /// The system has not taken it, and nothing was changed there.
        case refused(Fault)
        /// Nobody knows whether the system took it.
        case unknown(Fault)
    }

    private enum Phase {
        case ready
        case sent(PullRequest.Purpose)
    }

    private let steps: [Service.PushStep]
    private let search: Service.PushSearch?
    private let isIdempotent: Bool
    private let takesWhole: Bool
    private let amount: Money
    private let format: Mapping.FileFormat
    private let setting: PullSetting
    package private(set) var authentication: Authentication
    private var values = RequestValues()
    private var phase = Phase.ready
    private var step = 0
    private var last: PullAnswer?
    private var attempts = 0
    private var hasRefreshed = false
    /// Something was sent that may have changed something.
    private var hasActed = false
    /// The step in hand was sent before, and no answer came: what is said to it now says nothing of that.
    private var isDoubtful = false
    private var waitUntil: Timestamp?
    private var ending: Ending?
    private var results: [String: String] = [:]

    /// - Parameters:
    ///   - fields: of the payment and its invoice, by the names that `push:` uses, such as `invoice_id`.
    ///   - amount: stands for `$(amount)`, `$(amount_minor)` and `$(currency)`.
    ///   - paidOn: stands for `$(paid_on)`, in any format.
    package init?(
        _ service: Service, _ work: Work, fields: [String: String], amount: Money, paidOn: Day, setting: PullSetting,
        authentication: Authentication
    ) {
        guard let push = service.push else { return nil }
        switch work {
        case .pay: (steps, search) = (push.steps, nil)
        case .reverse: (steps, search) = (push.reverse, nil)
        case .find: (steps, search) = (push.find.map { [$0.step] } ?? [], push.find)
        }
        guard !steps.isEmpty else { return nil }
        (isIdempotent, takesWhole, self.amount) = (push.isIdempotent, push.takesWhole, amount)
        format = service.streams.first?.format ?? .json
        self.setting = setting
        self.authentication = authentication
        values.config = setting.config
        values.secrets = setting.secrets
        values.plain = fields
        values.plain["amount"] = amount.amountText
        values.plain["amount_minor"] = String(amount.minorUnits)
        values.plain["currency"] = amount.currency.code
        values.times["paid_on"] = Int64(paidOn.number) * 86_400_000
        values.sinceFormat = TimeFormat("yyyy-MM-dd") ?? .iso
    }

    package mutating func next(at now: Timestamp) -> Action {
        if let credential = authentication.unkept { return .keep(credential) }
        if let ending { return .end(ending) }
        if let until = waitUntil {
            if until > now { return .wait(until: until) }
            waitUntil = nil
        }
        values.session = authentication.values
        if authentication.needsToken(at: now) {
            let earliest = authentication.earliest(at: now)
            if earliest > now { return .wait(until: earliest) }
            return send(authentication.request(values, setting, at: now), at: now)
        }
        while step < steps.count, isNeedless(steps[step]) { step += 1 }
        guard step < steps.count else {
            ending = .done(results)
            return .end(.done(results))
        }
        guard let credentials = authentication.headers(values) else {
            return send(.failure(RequestProblem("a credential of the source is not set")), at: now)
        }
        let shape = steps[step].shape
        let request = shape.request(values, purpose: .page, format: format, extra: []).map { $0.signed(credentials) }
        if !steps[step].isSafe, case .success = request { hasActed = true }
        return send(request, at: now)
    }

    /// What an earlier answer made superfluous, or was to be kept for and was not there.
    private func isNeedless(_ step: Service.PushStep) -> Bool {
        if let answer = last, let unless = step.unless, unless.holds(answer) { return true }
        return step.needs.map { values.plain[$0] == nil && values.nodes[$0] == nil } ?? false
    }

    package mutating func kept() { authentication.kept() }

    private mutating func send(_ result: Result<PullRequest, RequestProblem>, at now: Timestamp) -> Action {
        switch result {
        case .failure(let problem):
            finish("POST-SETTING", "the request cannot be written: \(problem.message)", hint: "Set it in the source.")
        case .success(let request):
            guard setting.allows(request.url) else {
                withdraw()
                finish(
                    "POST-SETTING", "\(request.url.origin) is not encrypted", hint: "Use the system's https address.")
                break
            }
            phase = .sent(request.purpose)
            return .send(request)
        }
        return next(at: now)
    }

    // MARK: What came back

    package mutating func receive(_ answer: PullAnswer, at now: Timestamp) {
        guard case .sent(let purpose) = phase else {
            preconditionFailure("a write is handed an answer that it did not ask for")
        }
        phase = .ready
        guard purpose == .page else { return receiveToken(answer, at: now) }
        switch answer.status {
        case 401 where !hasRefreshed && authentication.refuse():
            // It was turned away at the door.
            hasRefreshed = true
        case 429 where attempts < setting.bounds.retriesMax: wait(seconds: retryAfter(answer) ?? 30, at: now)
        case 500...599, 408: lost("the system answered with status \(answer.status)\(words(answer))", at: now)
        default: judge(answer)
        }
    }

    private mutating func judge(_ answer: PullAnswer) {
        let rule = steps[step]
        let isGood =
            rule.okStatuses.isEmpty ? answer.isSuccess : rule.okStatuses.contains { $0.contains(answer.status) }
        guard isGood else {
            withdraw()
            return finish(
                "POST-REFUSED", "the system answered with status \(answer.status)\(words(answer))",
                hint: "Correct what it complains about, then approve the payment again.")
        }
        if answer.problem != nil {
            return finish("POST-FORM", "the answer cannot be read", hint: "See the system itself for the payment.")
        }
        if let ok = rule.ok, !ok.holds(answer) {
            withdraw()
            let words = words(answer)
            return finish(
                "POST-REFUSED", "the system answered with an error\(words.isEmpty ? ok.complaint(answer) : words)",
                hint: "Correct what it complains about, then approve the payment again.")
        }
        if let open = rule.open, !fits(open.money(answer, amount.currency)) { return }
        for (name, path) in rule.keep {
            guard let node = answer.tree.flatMap({ path.hits(in: [$0]).first }), !node.isNull else { continue }
            if let text = node.ownText {
                values.plain[name] = text
                results[name] = text
            } else {
                values.nodes[name] = node
            }
        }
        if let search, let tree = answer.tree {
            results = search.hit(in: tree, values).map { ["found": $0] } ?? [:]
        }
        last = answer
        step += 1
        (attempts, hasRefreshed, isDoubtful) = (0, false, false)
    }

    /// Whether the payment goes into what the system says is open now; where not, the write is over.
    private mutating func fits(_ open: Money?) -> Bool {
        guard let open else {
            finish(
                "POST-FORM", "the answer does not say what is open of the invoice",
                hint: "See the system itself for it.")
            return false
        }
        if takesWhole ? open == amount : open.minorUnits >= amount.minorUnits { return true }
        finish(
            "POST-OPEN", "\(open) of the invoice is open in the system now, the payment is \(amount)",
            hint: "Somebody paid or changed it there since it was read. Run `tieout sync`, then propose it anew.")
        return false
    }

    /// The step in hand changed nothing. Earlier ones that did stay done: half a write is no refusal.
    private mutating func withdraw() {
        if !isDoubtful, steps[..<step].allSatisfy(\.isSafe) { hasActed = false }
    }

    private mutating func receiveToken(_ answer: PullAnswer, at now: Timestamp) {
        if answer.isSuccess, authentication.receive(answer, at: now) { return }
        // Nothing of the step in hand was sent now; what came before it may have been.
        withdraw()
        finish(
            "POST-AUTH", "the system does not accept the credentials (status \(answer.status)\(words(answer)))",
            hint: "Authorise again and set the new secret.")
    }

    /// There is no answer.
    package mutating func lose(_ loss: PullLoss, at now: Timestamp) {
        guard case .sent(let purpose) = phase else {
            preconditionFailure("a write is told of a lost answer that it did not ask for")
        }
        phase = .ready
        // Nobody was reached, so nothing was changed by this request.
        let isUnsent = purpose != .page || ["NET-NAME", "NET-CONNECT", "NET-ADDRESS", "NET-TLS"].contains(loss.code)
        if isUnsent { withdraw() }
        guard loss.isPassing else {
            return finish(loss.code, loss.message, hint: "Check the address and the network.")
        }
        lost(loss.message, at: now, code: loss.code, isUnsent: isUnsent)
    }

    private mutating func lost(_ message: String, at now: Timestamp, code: String = "POST-LOST", isUnsent: Bool = false)
    {
        if !isUnsent, !steps[step].isSafe { isDoubtful = true }
        let mayRepeat = isUnsent || steps[step].isSafe || isIdempotent
        if mayRepeat, attempts < setting.bounds.retriesMax { return wait(seconds: 1 << Int64(attempts), at: now) }
        finish(code, message, hint: "`tieout post run` looks for it in the system before anything is sent again.")
    }

    private mutating func wait(seconds: Int64, at now: Timestamp) {
        attempts += 1
        waitUntil = now + min(seconds, 3600) * 1000
    }

    private func retryAfter(_ answer: PullAnswer) -> Int64? {
        answer.header("retry-after").flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    private mutating func finish(_ code: String, _ message: String, hint: String) {
        let fault = Fault(code, .refusal, at: .file, redacted(message), hint: hint)
        ending = hasActed ? .unknown(fault) : .refused(fault)
    }

    private func words(_ answer: PullAnswer) -> String { SystemWords.of(answer) }

    private func redacted(_ text: String) -> String {
        SystemWords.redacted(text, secrets: setting.secrets.values.sorted() + authentication.secrets)
    }
}
