// SPDX-License-Identifier: Apache-2.0
package import Documents
import Trees

/// One stream's pull as a machine: requests out, answers in, records out. It sends nothing, waits for nothing and has
/// no clock; whoever drives it does.
///
///     loop: next(at:) ─► send ─► receive / lose        ─► keep ─► kept      ─► page ─► map and stage
///                     ─► wait ─► (sleep)               ─► done: commit rows and cursor in one transaction
///                                                      ─► fail: nothing lands
///
/// What it promises: a rotated token is used only after `kept`; every link stays on the system's own host; a list that
/// repeats or never ends ends in a fault; the new cursor is never beyond what was seen, nor beyond the moment the run
/// began; and where pages are places in a moving list, a pass during which something moved is read again.
package struct Pull: Sendable {
    enum Phase {
        case ready, finished
        case sent(PullRequest)
    }

    /// What is asked for next.
    enum Place: Hashable {
        case first
        case url(WebAddress)
        /// A page's number, or an offset.
        case number(Int)
        /// The last record's value.
        case after(String)
    }

    let stream: Service.Stream
    let setting: PullSetting
    /// Handed on to the next stream of the source.
    package internal(set) var authentication: Authentication
    package internal(set) var budget: Budget
    package internal(set) var count = PullCount()

    var values = RequestValues()
    var phase = Phase.ready
    var failure: Fault?
    var ready: PullPage?
    /// What the page that is ready still lacks.
    var lacking: [Attachment] = []
    var completion: PullCompletion?
    var waitUntil: Timestamp?
    /// The moment the run began, by the system's own clock where it says so.
    var began: Int64?
    /// The same by our own clock.
    private var started: Int64?
    var latest: PullCursor?
    var warnings: [Fault] = []
    var pass = Pass()
    /// Fingerprints of pages and links met in this pass.
    var met: Set<Fingerprint> = []
    var windowEnd: Int64?

    // The request in hand.
    var attempts = 0
    var ruleUses: [Int: Int] = [:]
    var hasRefreshed = false
    var chance: UInt64

    /// One reading of the list from its beginning.
    struct Pass {
        var place = Place.first
        var pages = 0
        var records = 0
        var emptyPages = 0
        var firstPageCount = 0
        var began: Int64?
        var total: Int?
        /// Something changed while it was read.
        var moved = false
    }

    /// - Parameters:
    ///   - authentication: of the source; from the stream before, or new with the stored credential.
    ///   - budget: of the source; nil for a new one.
    package init(
        _ stream: Service.Stream, setting: PullSetting, authentication: Authentication, budget: Budget? = nil
    ) {
        self.stream = stream
        self.setting = setting
        self.authentication = authentication
        self.budget = budget ?? Budget(stream.limits)
        chance = setting.seed
        values.config = setting.config
        values.secrets = setting.secrets
        values.sinceFormat = stream.sync.format
        values.plain["size"] = stream.paging.size > 0 ? String(stream.paging.size) : nil
    }

    // MARK: What to do next

    package mutating func next(at now: Timestamp) -> PullAction {
        if let failure { return .fail(failure) }
        if let credential = authentication.unkept { return .keep(credential) }
        if lacking.isEmpty {
            if let page = ready {
                ready = nil
                return .page(page)
            }
            if let completion { return .done(completion) }
        }
        if case .sent = phase {
            preconditionFailure("a pull is asked for its next step before the answer of the last one was handed in")
        }
        if let until = waitUntil {
            if until > now { return .wait(until: until) }
            waitUntil = nil
        }
        if began == nil { begin(at: now) }
        if let fault = overrun(at: now) {
            failure = fault
            return .fail(fault)
        }
        if authentication.needsToken(at: now) {
            let earliest = authentication.earliest(at: now)
            guard earliest <= now else { return pause(until: earliest, at: now) }
            return send(authentication.request(filledValues(), setting, at: now), at: now)
        }
        let earliest = budget.earliest(at: now)
        guard earliest <= now else { return pause(until: earliest, at: now) }
        return send(listRequest(), at: now)
    }

    /// What one run may take in all, however slowly and however much a system sends.
    private func overrun(at now: Timestamp) -> Fault? {
        let bounds = setting.bounds
        if count.bytes > bounds.bytesMax {
            return fault(
                "PULL-ENDLESS", .refusal,
                "the system sent \(count.bytes >> 20) MB in one run and did not come to an end",
                hint: "Check `page:` of the mapping, or begin later with `start:`. Nothing of this run landed.")
        }
        if let started, now.milliseconds - started > bounds.timeMax {
            return fault(
                "PULL-LATER", .refusal, "the run took longer than \(bounds.timeMax / 60_000) minutes",
                hint: "The system is too slow now; the next scheduled run tries again. Nothing of this run landed.")
        }
        return nil
    }

    /// The credential of the last `keep` is durable.
    package mutating func kept() { authentication.kept() }

    private mutating func begin(at now: Timestamp) {
        began = now.milliseconds
        started = now.milliseconds
        values.times["now"] = now.milliseconds
        values.times["until"] = now.milliseconds
        values.since = beginning(at: now)
        if let rules = stream.window { openWindow(rules, at: now) }
    }

    /// The cursor less its overlap; the stream's start where there is none, or where it is too old to be of use.
    private func beginning(at now: Timestamp) -> PullCursor? {
        guard stream.sync.mode == .incremental, let cursor = setting.cursor else { return stream.sync.start }
        if let retention = stream.sync.retention, case .time(let time) = cursor, now.milliseconds - time > retention {
            return stream.sync.start
        }
        return cursor.minus(stream.sync.overlap)
    }

    private mutating func send(_ result: Result<PullRequest, RequestProblem>, at now: Timestamp) -> PullAction {
        switch result {
        case .failure(let problem):
            return fail(
                "PULL-SETTING", "the request cannot be written: \(problem.message)",
                hint: "Set it in the source's `config:`, or as a secret.")
        case .success(let request):
            guard setting.allows(request.url) else {
                return fail(
                    "PULL-PLAIN-HTTP", "\(request.url.origin) is not encrypted",
                    hint: "Use its https address; only on a network of your own set `plain_http: true`.")
            }
            phase = .sent(request)
            count.requests += 1
            if request.purpose == .page || request.purpose == .attach { budget.spend(at: now) }
            return .send(request)
        }
    }

    func filledValues() -> RequestValues {
        var filled = values
        filled.session = authentication.values
        return filled
    }

    /// The next page, or what belongs to the page before.
    private mutating func listRequest() -> Result<PullRequest, RequestProblem> {
        var filled = filledValues()
        guard let credentials = authentication.headers(filled) else {
            return .failure(RequestProblem("a credential of the source is not set"))
        }
        let result: Result<PullRequest, RequestProblem>
        if let attachment = lacking.first {
            filled.lists["ids"] = attachment.ids
            result = attachment.rules.shape.request(filled, purpose: .attach, format: stream.format, extra: [])
        } else {
            let extra = pageParameters(&filled)
            result = stream.shape.request(filled, purpose: .page, format: stream.format, extra: extra)
        }
        return result.map { request in
            guard request.purpose == .page, case .url(let link) = pass.place else { return request.signed(credentials) }
            return request.signed(credentials, to: link)
        }
    }

    mutating func pause(until: Timestamp, at now: Timestamp) -> PullAction {
        let length = until.milliseconds - now.milliseconds
        guard length <= setting.bounds.waitMax else {
            return fail(
                "PULL-LATER", "the system lets nothing through until \(until)",
                hint: "The next scheduled run tries again; nothing is lost.")
        }
        count.waited += length
        waitUntil = until
        return .wait(until: until)
    }

    // MARK: What came back

    package mutating func receive(_ answer: PullAnswer, at now: Timestamp) {
        guard case .sent(let request) = phase else {
            preconditionFailure("a pull is handed an answer that it did not ask for")
        }
        phase = .ready
        count.bytes += answer.size
        switch request.purpose {
        case .token, .login: receiveToken(answer, at: now)
        case .page, .attach: receivePage(answer, at: now)
        }
    }

    /// There is no answer.
    package mutating func lose(_ loss: PullLoss, at now: Timestamp) {
        guard case .sent = phase else {
            preconditionFailure("a pull is told of a lost answer that it did not ask for")
        }
        phase = .ready
        // A page or a token is asked for again: reading changes nothing, and a token call that was answered and lost
        // is answered again or refused.
        guard loss.isPassing, attempts < setting.bounds.retriesMax else {
            _ = fail(
                loss.code, loss.message,
                hint: loss.isPassing
                    ? "The next scheduled run tries again; if it lasts, check the network and the system's status page."
                    : "Check the address and the network between here and the system.")
            return
        }
        retry(at: now)
    }

    private mutating func receiveToken(_ answer: PullAnswer, at now: Timestamp) {
        if answer.isSuccess, authentication.receive(answer, at: now) {
            attempts = 0
            return
        }
        if answer.status == 429 || answer.status >= 500, attempts < setting.bounds.retriesMax {
            wait(for: retryAfter(answer, at: now) ?? backoff(), at: now)
            return
        }
        let words = wordsOfSystem(answer)
        _ = fail(
            "PULL-AUTH", "the system does not accept the credentials (status \(answer.status)\(words))",
            hint: "They may be revoked, expired or used elsewhere: authorise again and set the new secret.")
    }

    // MARK: Waiting

    mutating func retry(at now: Timestamp) { wait(for: backoff(), at: now) }

    mutating func wait(for milliseconds: Int64, at now: Timestamp) {
        attempts += 1
        count.retries += 1
        guard milliseconds > 0 else { return }
        _ = pause(until: Timestamp(milliseconds: now.milliseconds + milliseconds), at: now)
    }

    /// 1 s, 2 s, 4 s … up to a minute, each between half and the whole of it.
    mutating func backoff(base: Int64 = 1000) -> Int64 {
        let whole = min(base << Int64(min(attempts, 6)), 60_000)
        // Steele, Lea, Flood 2014: the same chance for the same seed.
        chance &+= 0x9E37_79B9_7F4A_7C15
        var mixed = chance
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return whole / 2 + Int64(mixed % UInt64(whole / 2 + 1))
    }

    /// RFC 9110, 10.2.3: seconds, or a moment by the system's own clock.
    func retryAfter(_ answer: PullAnswer, at now: Timestamp) -> Int64? {
        guard let text = answer.header("retry-after") else { return nil }
        if let seconds = Int64(text), seconds >= 0 { return min(seconds, 1_000_000) * 1000 }
        guard let moment = HTTPDate.milliseconds(text) else { return nil }
        let clock = answer.header("date").flatMap(HTTPDate.milliseconds) ?? now.milliseconds
        return max(0, moment - clock)
    }
}
