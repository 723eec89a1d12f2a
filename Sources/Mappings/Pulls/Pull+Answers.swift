// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

extension Pull {
    mutating func receivePage(_ answer: PullAnswer, at now: Timestamp) {
        budget.observe(answer, at: now)
        if let date = answer.header("date").flatMap(HTTPDate.milliseconds) {
            // Its own clock decides what changed since; the earlier of the two never loses anything.
            if count.pages == 0 { began = min(began ?? date, date) }
            if pass.began == nil { pass.began = date }
        }
        if pass.began == nil { pass.began = now.milliseconds }
        if (400..<500).contains(answer.status), answer.status != 429, budget.fail(at: now) {
            _ = fail(
                "PULL-ERRORS",
                "the system answered with too many errors; the last was status \(answer.status)\(wordsOfSystem(answer))",
                hint: "It blocks whoever goes on: correct the cause first, then try again in an hour.")
            return
        }
        for (index, rule) in stream.errors.enumerated() where rule.fits(answer) {
            apply(rule, index, answer, at: now)
            return
        }
        guard answer.isSuccess else {
            receiveError(answer, at: now)
            return
        }
        if let problem = answer.problem {
            // A body that was cut where its length was not announced looks like this once, not twice.
            if attempts == 0 { return retry(at: now) }
            _ = fail(
                "PULL-FORM", "the answer is not what the mapping expects: \(problem.message)",
                hint: "A web page or a cut answer comes from something in between; check the address and the proxy.")
            return
        }
        if let ok = stream.ok, !ok.holds(answer) {
            _ = fail(
                "PULL-REFUSED", "the system answered with an error\(wordsOfSystem(answer))",
                hint: "Correct what it complains about; nothing of this run landed.")
            return
        }
        take(answer, at: now)
    }

    private mutating func take(_ answer: PullAnswer, at now: Timestamp, isEmpty: Bool = false, isLast: Bool = false) {
        if lacking.isEmpty {
            accept(answer, at: now, isEmpty: isEmpty, isLast: isLast)
        } else {
            absorb(answer, isEmpty: isEmpty)
        }
    }

    /// What happens when no rule of the mapping fits.
    private mutating func receiveError(_ answer: PullAnswer, at now: Timestamp) {
        let canRetry = attempts < setting.bounds.retriesMax
        switch answer.status {
        case 401 where !hasRefreshed && authentication.refuse():
            hasRefreshed = true
            count.retries += 1
        case 429 where canRetry: wait(for: retryAfter(answer, at: now) ?? max(backoff(), 5000), at: now)
        case 408, 500...599:
            if canRetry { wait(for: retryAfter(answer, at: now) ?? backoff(), at: now) } else { refuse(answer) }
        default: refuse(answer)
        }
    }

    private mutating func refuse(_ answer: PullAnswer) {
        let hint: String
        let code: String
        switch answer.status {
        case 300..<400:
            (code, hint) = ("PULL-REDIRECT", "Credentials follow no redirect: correct the address in the source.")
        case 401, 403:
            (code, hint) = (
                "PULL-AUTH", "Check the credentials and what they are allowed to read, then authorise again."
            )
        case 404: (code, hint) = ("PULL-STATUS", "Check the address and the company's id in the source's `config:`.")
        case 429: (code, hint) = ("PULL-LATER", "The next scheduled run tries again; nothing is lost.")
        default: (code, hint) = ("PULL-STATUS", "See the system's status page; the next run tries again.")
        }
        _ = fail(code, "the system answered with status \(answer.status)\(wordsOfSystem(answer))", hint: hint)
    }

    private mutating func apply(_ rule: ErrorRule, _ index: Int, _ answer: PullAnswer, at now: Timestamp) {
        let uses = ruleUses[index, default: 0] + 1
        ruleUses[index] = uses
        let isSpent = uses > rule.most
        switch rule.action {
        case .skip: take(answer, at: now, isEmpty: true)
        case .end: take(answer, at: now, isEmpty: true, isLast: true)
        case .refresh where !isSpent && !hasRefreshed && authentication.refuse():
            hasRefreshed = true
            count.retries += 1
        case .wait where !isSpent: wait(for: length(rule, answer, at: now) ?? 30_000, at: now)
        case .retry where !isSpent:
            if case .milliseconds(let base)? = rule.wait {
                wait(for: backoff(base: max(base, 100)), at: now)
            } else {
                wait(for: length(rule, answer, at: now) ?? backoff(), at: now)
            }
        case .restart where count.passes < setting.bounds.passesMax: beginPass(again: true)
        default:
            let say = rule.say.map { "\($0) " } ?? ""
            _ = fail(
                answer.status == 401 || answer.status == 403 ? "PULL-AUTH" : "PULL-REFUSED",
                "\(say)the system answered with status \(answer.status)\(wordsOfSystem(answer))",
                hint: rule.action == .refresh
                    ? "The credentials may be revoked: authorise again and set the new secret."
                    : "Correct what it complains about; nothing of this run landed.")
        }
    }

    private func length(_ rule: ErrorRule, _ answer: PullAnswer, at now: Timestamp) -> Int64? {
        switch rule.wait {
        case .milliseconds(let length): length
        case .retryAfter: retryAfter(answer, at: now) ?? rule.otherwise
        case .untilReset:
            budget.resetTime(answer, at: now).map { max(0, $0 - now.milliseconds) } ?? rule.otherwise
        case nil: rule.otherwise ?? retryAfter(answer, at: now)
        }
    }

    // MARK: Faults

    @discardableResult
    mutating func fail(_ code: String, _ message: String, hint: String) -> PullAction {
        let fault = fault(code, .refusal, message, hint: hint)
        failure = failure ?? fault
        phase = .finished
        return .fail(failure ?? fault)
    }

    func fault(_ code: String, _ severity: Fault.Severity, _ message: String, hint: String) -> Fault {
        let place = count.pages > 0 ? "\(stream.name), after page \(count.pages)" : stream.name
        return Fault(code, severity, at: .path(place), redacted(message), hint: hint)
    }

    /// Without anything that gives access, whoever repeated it to us.
    func redacted(_ text: String) -> String {
        SystemWords.redacted(text, secrets: setting.secrets.values.sorted() + authentication.secrets)
    }

    /// `: what the system itself says`; empty when it says nothing.
    func wordsOfSystem(_ answer: PullAnswer) -> String { redacted(SystemWords.of(answer)) }
}
