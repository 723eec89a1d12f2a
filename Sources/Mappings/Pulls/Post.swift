// SPDX-License-Identifier: Apache-2.0
package import Documents
import Trees

/// One write to a system as a machine: requests out, answers in, and at the end whether the system has it.
///
/// A request that may have changed something is never sent twice, unless the system knows its key again. What broke off
/// after such a request is *unknown*: it is looked for before anything else is done. Where each writing step can be
/// looked for by itself, what is done is noted step by step, and a later run goes on with the one that is missing. What a
/// system only accepts is not done: it is looked for as well.
package struct Post: Sendable {
    package enum Work: Sendable {
        case pay, find, reverse
    }

    package enum Action: Sendable {
        case send(PullRequest)
        case wait(until: Timestamp)
        /// Make it durable before anything else, then `kept`.
        case keep(Credential)
        /// One more writing step is done, and this was kept in this run so far. Make it durable before anything else, then
        /// `noted`.
        case note([String: String])
        case end(Ending)
    }

    package enum Ending: Hashable, Sendable {
        /// The system has it; what its answers were kept as. For `find`: empty when it is not there.
        case done([String: String])
        /// The system has not taken it, and nothing was changed there.
        case refused(Fault)
        /// The system has not taken this step, and what the steps before it made stands there.
        case stuck(Fault)
        /// Nobody knows whether the system took it.
        case unknown(Fault)
        /// The system has accepted the step in hand and does it later; it is looked for after so many milliseconds.
        case accepted(Int64)
    }

    private enum Phase {
        case ready
        case sent(PullRequest.Purpose)
    }

    private let push: Service.Push
    private let work: Work
    private let steps: [Service.PushStep]
    private let search: Service.PushSearch?
    private let amount: Money
    private let format: Mapping.FileFormat
    private let setting: PullSetting
    package private(set) var authentication: Authentication
    private var values = RequestValues()
    private var phase = Phase.ready
    private var step = 0
    /// Where the steps begin of which nothing is noted yet.
    private var begun = 0
    private var isUnnoted = false
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
    ///   - written: how many writing steps are done, and were noted. It goes on behind them, or looks for the next one.
    ///   - fields: of the payment and its invoice, by the names that `push:` uses, such as `invoice_id`; and what was noted.
    ///   - amount: stands for `$(amount)`, `$(amount_minor)` and `$(currency)`.
    ///   - paidOn: stands for `$(paid_on)`, in any format.
    package init?(
        _ service: Service, _ work: Work, after written: Int = 0, fields: [String: String], amount: Money, paidOn: Day,
        setting: PullSetting, authentication: Authentication
    ) {
        guard let push = service.push else { return nil }
        search = work == .find ? push.search(after: written) : nil
        switch work {
        case .pay: steps = push.steps
        case .reverse: steps = push.reverse
        case .find: steps = search.map { $0.before + [$0.step] } ?? []
        }
        guard !steps.isEmpty else { return nil }
        if work == .pay { step = push.start(after: written) }
        (self.push, self.work, begun, self.amount) = (push, work, step, amount)
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
        if isUnnoted { return .note(results) }
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
        values.times["now"] = now.milliseconds
        values.plain["request_id"] = requestID(now)
        let (shape, format) = (steps[step].shape, steps[step].format ?? format)
        let request = shape.request(values, purpose: .page, format: format, extra: []).map { $0.signed(credentials) }
        if !steps[step].isSafe, case .success = request { hasActed = true }
        return send(request, at: now)
    }

    /// What an earlier answer made superfluous, or was to be kept for and was not there.
    private func isNeedless(_ step: Service.PushStep) -> Bool {
        if let answer = last, let unless = step.unless, unless.holds(answer) { return true }
        return step.needs.map { values.plain[$0] == nil && values.nodes[$0] == nil } ?? false
    }

    /// A UUID that no other request bears (RFC 9562, 5.8): of the payment's key, the step and the moment.
    private func requestID(_ now: Timestamp) -> String {
        var builder = Fingerprint.Builder()
        builder.add(values.plain["idempotency_key"])
        builder.add(Int64(step))
        builder.add(now.milliseconds)
        return builder.finish().uuid
    }

    package mutating func kept() { authentication.kept() }

    /// What was done is durable: from here on only what comes now can be in doubt.
    package mutating func noted() { (isUnnoted, hasActed, begun) = (false, false, step) }

    private mutating func send(_ result: Result<PullRequest, RequestProblem>, at now: Timestamp) -> Action {
        switch result {
        case .failure(let problem):
            // What a person said to be there has left nothing here by which it could be named.
            let hint =
                work == .reverse
                ? "Take it back in the system itself, then say so: `tieout post settle`." : "Set it in the source."
            finish("POST-SETTING", "the request cannot be written: \(problem.message)", hint: hint)
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
        case _ where isDenied(answer) && !hasRefreshed && authentication.refuse():
            // It was turned away at the door.
            hasRefreshed = true
        case 429 where attempts < setting.bounds.retriesMax: wait(seconds: retryAfter(answer) ?? 30, at: now)
        case 500...599, 408: lost("the system answered with status \(answer.status)\(words(answer))", at: now)
        default: judge(answer)
        }
    }

    private func isDenied(_ answer: PullAnswer) -> Bool {
        answer.status == 401 || push.denials.contains { $0.fits(answer) }
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
        let isSearch = search != nil && step == steps.count - 1
        let hit = isSearch ? answer.tree.flatMap { search?.hit(in: $0, values) } : nil
        let record = isSearch ? hit?.record : answer.tree.flatMap { rule.choice.hits(in: $0, values).first }
        if let open = rule.open, !fits(open.money(record, amount.currency)) { return }
        keep(rule.keep, of: record)
        if let hit { results["found"] = hit.name }
        if let later = rule.later {
            ending = .accepted(later.after)
            return
        }
        last = answer
        step += 1
        (attempts, hasRefreshed, isDoubtful) = (0, false, false)
        isUnnoted = work == .pay && push.isStaged && !rule.isSafe
    }

    /// An empty text is nothing, nor is an XML element with attributes only.
    private mutating func keep(_ places: [(name: String, path: Path)], of record: Node?) {
        for (name, path) in places {
            guard let node = record.flatMap({ path.hits(in: [$0]).first }), !node.isNull else { continue }
            if let text = node.ownText {
                guard !text.isEmpty else { continue }
                values.plain[name] = text
                results[name] = text
            } else if node.entries?.allSatisfy({ $0.key.hasPrefix("@") }) != true {
                values.nodes[name] = node
            }
        }
    }

    /// Whether the payment goes into what the system says is open now; where not, the write is over.
    private mutating func fits(_ open: Money?) -> Bool {
        guard let open else {
            finish(
                "POST-FORM", "the answer does not say what is open of the invoice",
                hint: "See the system itself for it.")
            return false
        }
        if push.takesWhole ? open == amount : open.minorUnits >= amount.minorUnits { return true }
        finish(
            "POST-OPEN", "\(open) of the invoice is open in the system now, the payment is \(amount)",
            hint: "Somebody paid or changed it there since it was read. Run `tieout sync`, then propose it anew.")
        return false
    }

    /// The step in hand changed nothing. Earlier ones that did stay done: half a write is no refusal.
    private mutating func withdraw() {
        if !isDoubtful, steps[begun..<step].allSatisfy(\.isSafe) { hasActed = false }
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
        let mayRepeat = isUnsent || steps[step].isSafe || push.isIdempotent
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
        ending = hasActed ? .unknown(fault) : work == .pay && begun > 0 ? .stuck(fault) : .refused(fault)
    }

    private func words(_ answer: PullAnswer) -> String { SystemWords.of(answer) }

    private func redacted(_ text: String) -> String {
        SystemWords.redacted(text, secrets: setting.secrets.values.sorted() + authentication.secrets)
    }
}
