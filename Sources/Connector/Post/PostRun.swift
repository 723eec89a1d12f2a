// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Ledger
import Mappings
import Remote
import Store
import Trees

/// Sends the approved payments of one source, one after the other, each with its state stored before and after.
struct PostRun {
    let workplace: Workplace
    let access: SourceSync.Access
    let service: Service
    let account: String
    let surroundings: SyncSurroundings
    let store: StoreFile
    private var authentication: Authentication

    private var company: String { workplace.company.id }
    private var now: Timestamp { workplace.environment.now() }

    init(
        _ sync: SourceSync, account: String
    ) throws {
        workplace = sync.workplace
        access = try sync.access()
        service = sync.service
        self.account = account
        surroundings = sync.surroundings
        store = sync.store
        authentication = Authentication(service, credential: access.credential)
    }

    /// - Parameter known: why it must not be sent any more.
    /// - Returns: The order as it is stored now.
    mutating func send(_ order: PostOrder, unless known: Fault? = nil) throws -> PostOrder {
        var order = order
        if order.state == .sending || order.state == .unknown {
            guard try settle(&order) else { return order }
        }
        // A month may have been closed since the approval.
        let period = try store.read { try $0.period(company: company) }
        if let first = period.firstOpenDay, order.paidOn < first {
            order.state = .refused
            order.fault = PostFaults.closed(order, first)
            return try save(order)
        }
        if let known {
            (order.state, order.fault) = (.refused, known)
            return try save(order)
        }
        order.state = .sending
        order.fault = nil
        order = try save(order)
        switch try drive(.pay, order) {
        case .done(let kept): finish(&order, .done, kept: kept)
        case .refused(let fault): (order.state, order.fault) = (.refused, fault)
        case .unknown(let fault): (order.state, order.fault) = (.unknown, fault)
        }
        return try save(order)
    }

    /// Asks the system for an order of which nobody knows whether it was taken.
    /// - Returns: Whether it is certain that the system does not have it.
    private mutating func settle(_ order: inout PostOrder) throws -> Bool {
        guard service.push?.canFind == true else {
            if order.state == .sending { (order.state, order.fault) = (.unknown, PostFaults.lost(order)) }
            order = try save(order)
            return false
        }
        switch try drive(.find, order) {
        case .done(let kept):
            guard let found = kept["found"] else { return true }
            finish(&order, .done, kept: ["id": found])
        case .refused(let fault), .unknown(let fault): (order.state, order.fault) = (.unknown, fault)
        }
        order = try save(order)
        return false
    }

    /// It is not sent, stays approved, and says why.
    func hold(_ order: PostOrder, for fault: Fault) throws -> PostOrder {
        var order = order
        order.fault = fault
        return try save(order)
    }

    mutating func reverse(_ order: PostOrder, reason: String, actor: String) throws -> PostOrder {
        var order = order
        (order.reason, order.approvedBy) = (reason, actor)
        switch try drive(.reverse, order) {
        case .done:
            order.state = .reversed
            order.fault = nil
        case .refused(let fault), .unknown(let fault): order.fault = fault
        }
        return try save(order)
    }

    private func finish(_ order: inout PostOrder, _ state: PostOrder.State, kept: [String: String]) {
        order.state = state
        order.fault = nil
        order.kept = Node.object(kept.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }).json
    }

    private func save(_ order: PostOrder) throws -> PostOrder {
        try store.write { session in
            try session.savePost(order, company: company, at: now)
            try PostFaults.tell(order, workplace, session)
        }
        return order
    }

    // MARK: Driving the machine

    private mutating func drive(_ work: Post.Work, _ order: PostOrder) throws -> Post.Ending {
        var fields = [
            "payment_id": order.paymentID, "invoice_id": order.target, "invoice_number": order.number,
            "customer_id": order.customerID, "reference": order.key, "idempotency_key": order.key, "account": account,
        ]
        for entry in order.kept.flatMap({ JSONReader.read(Array($0.utf8)).node?.entries }) ?? [] {
            fields[entry.key] = entry.value.scalar
        }
        guard
            var post = Post(
                service, work, fields: fields, amount: order.amount, paidOn: order.paidOn, setting: access.setting,
                authentication: authentication)
        else {
            return .refused(PostFaults.unable(service.name, work))
        }
        defer { authentication = post.authentication }
        var waited = Timestamp(milliseconds: 0)
        while true {
            let moment = max(now, waited)
            switch post.next(at: moment) {
            case .send(let request): send(request, &post)
            case .wait(let until):
                surroundings.sleep(max(0, until.milliseconds - moment.milliseconds))
                waited = until
            case .keep(let credential):
                try access.keep(credential)
                post.kept()
            case .end(let ending): return ending
            }
        }
    }

    private func send(_ request: PullRequest, _ post: inout Post) {
        var wire = HTTPRequest(
            method: request.method, url: request.url.text, headers: request.headers, body: request.body)
        wire.isOnce = true
        do {
            post.receive(PullAnswer(try access.exchange(wire), as: request.format), at: now)
        } catch {
            post.lose(PullLoss(error), at: now)
        }
    }
}

/// What can be wrong with a write, besides what the system says.
enum PostFaults {
    static func closed(_ order: PostOrder, _ first: Day) -> Fault {
        Fault(
            "POST-CLOSED", .refusal, at: .path(order.number),
            "the payment of \(order.paidOn) lies in a closed month; the first open day is \(first)",
            hint: "Book it in the system by hand on an open day, or reopen the month with `tieout reopen`.")
    }

    static func lost(_ order: PostOrder) -> Fault {
        Fault(
            "POST-LOST", .refusal, at: .path(order.number), "it was sent, and no answer came back",
            hint: "Look for \(order.key) in the system, then say what you saw: `tieout post settle`.")
    }

    static func unable(_ name: String, _ work: Post.Work) -> Fault {
        Fault(
            "POST-UNABLE", .refusal, at: .file,
            work == .reverse
                ? "the mapping \(name) cannot take a payment back" : "the mapping \(name) cannot write payments",
            hint: work == .reverse
                ? "Take it back in the system itself, then say so: `tieout post settle`."
                : "Hand it over as a file: `tieout post run --out FILE`.")
    }

    /// An exception for what a person must decide, gone by itself once it is decided.
    static func tell(_ order: PostOrder, _ workplace: Workplace, _ session: Session) throws {
        let subject = "\(order.source)/\(order.paymentID)/\(order.number)"
        let now = workplace.environment.now()
        switch order.state {
        case .unknown, .refused:
            let kind = order.state == .unknown ? "POST-UNKNOWN" : "POST-REFUSED"
            try session.raise(
                ExceptionRecord(
                    kind, company: workplace.company.id, customerID: order.customerID, subject: subject,
                    message: "\(order.amount) for \(order.number) in \(order.source): "
                        + "\(order.fault?.message.sentence ?? "") \(order.fault?.hint ?? "")",
                    dueOn: BankingCalendar(workplace.company.calendar).adding(1, to: workplace.today)),
                on: workplace.today, at: now)
        case .done, .reversed, .exported:
            for kind in ["POST-UNKNOWN", "POST-REFUSED"] {
                try session.resolveExceptions(
                    company: workplace.company.id, kind: kind, subject: subject,
                    resolution: "it is \(order.state.rawValue)", at: now)
            }
        case .proposed, .approved, .sending: break
        }
    }
}
