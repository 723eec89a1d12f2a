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
    /// The numbers of the orders of which a step was only accepted in this run, and whether a person had heard of them.
    private var accepted: [Int64: Bool] = [:]
    /// How long to wait before they are looked for, in milliseconds.
    private var wait: Int64 = 0

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
        let (before, wasHalf) = (order, order.state == .half)
        if let fault = otherSteps(order) {
            (order.state, order.fault) = (.half, fault)
            return try save(order)
        }
        if [.sending, .unknown, .half].contains(order.state) {
            guard try settle(&order) else { return order }
        }
        if order.written == 0 {
            // A month may have been closed since the approval. What was begun is brought to its end.
            let period = try store.read { try $0.period(company: company) }
            let first = period.firstOpenDay.flatMap { order.paidOn < $0 ? $0 : nil }
            if let fault = first.map({ PostFaults.closed(order, $0) }) ?? known {
                (order.state, order.fault) = (.refused, fault)
                return try save(order)
            }
        } else if let known {
            return try takeBack(order, for: known)
        } else if PostFaults.isAccepted(before), order.written == before.written {
            // It was accepted by an earlier run, and still nobody sees it: a person hears before it is sent anew.
            return try leaveHalf(order)
        }
        order.state = .sending
        order.fault = nil
        order = try save(order)
        switch try drive(.pay, &order) {
        case .done(let kept): finish(&order, kept: kept)
        case .refused(let fault): (order.state, order.fault) = (.refused, fault)
        case .unknown(let fault): (order.state, order.fault) = (.unknown, fault)
        case .accepted(let wait):
            order.fault = PostFaults.accepted(order, standing(order))
            accepted[order.no] = wasHalf
            self.wait = max(self.wait, wait)
        case .stuck(let fault):
            // It may refuse what is there already, by whomever.
            let before = order.written
            guard try settle(&order) else { return order }
            return order.written > before ? try send(order) : try takeBack(order, for: fault)
        }
        return try save(order)
    }

    /// Looks for what was only accepted in this run, for all of it after one wait.
    mutating func look(_ orders: [PostOrder]) throws -> [PostOrder] {
        guard !accepted.isEmpty else { return orders }
        surroundings.sleep(wait)
        return try orders.map { try look($0) }
    }

    private mutating func look(_ order: PostOrder) throws -> PostOrder {
        guard let wasHalf = accepted[order.no], PostFaults.isAccepted(order) else { return order }
        var order = order
        let written = order.written
        guard try settle(&order) else { return order }
        if order.written > written { return try send(order) }
        return wasHalf ? try leaveHalf(order) : order
    }

    /// Asks the system for what may have been written of an order.
    /// - Returns: Whether it is certain that the system does not have the step in hand, or the one after what was found.
    private mutating func settle(_ order: inout PostOrder) throws -> Bool {
        guard let push = service.push, push.canFind(after: order.written) else {
            if order.state == .sending { (order.state, order.fault) = (.unknown, PostFaults.lost(order)) }
            order = try save(order)
            return false
        }
        switch try drive(.find, &order) {
        case .done(var kept):
            guard let found = kept.removeValue(forKey: "found") else { return true }
            guard push.isStaged else {
                finish(&order, kept: ["id": found])
                break
            }
            // A step that was not noted is done; those behind it were never sent.
            order.written += 1
            kept[Self.steps] = push.stepNames
            guard order.written < push.writingCount else {
                finish(&order, kept: kept)
                break
            }
            order.kept = Self.joined(order.kept, kept)
            order = try save(order)
            return true
        case .refused(let fault), .unknown(let fault), .stuck(let fault):
            (order.state, order.fault) = (order.state == .half ? .half : .unknown, fault)
        case .accepted: break
        }
        order = try save(order)
        return false
    }

    /// What was written and stands there, for people.
    private func standing(_ order: PostOrder) -> String {
        service.push?.standing(after: order.written, fields(order)) ?? ""
    }

    /// The system has accepted a step and not done it. What it still may do is not taken back.
    private func leaveHalf(_ order: PostOrder) throws -> PostOrder {
        var order = order
        let reason = service.push?.reason(after: order.written, fields(order))
        (order.state, order.fault) = (.half, PostFaults.unseen(order, standing(order), see: reason))
        return try save(order)
    }

    /// Why a write that was begun is not gone on with: the mapping has other steps now.
    private func otherSteps(_ order: PostOrder) -> Fault? {
        guard order.written > 0, let noted = Self.fields(order.kept)[Self.steps], let push = service.push,
            noted != push.stepNames
        else { return nil }
        return PostFaults.otherSteps(order, service.name, noted)
    }

    /// What the names of the writing steps are kept as.
    private static let steps = "steps"

    /// What was written of an order that cannot be brought to its end is taken back, or a person hears what stands where.
    private mutating func takeBack(_ order: PostOrder, for fault: Fault) throws -> PostOrder {
        var order = order
        let standing = standing(order)
        guard service.push?.canReverse == true else {
            (order.state, order.fault) = (.half, PostFaults.half(order, fault, standing, because: nil))
            return try save(order)
        }
        switch try drive(.reverse, &order) {
        case .done:
            (order.state, order.written, order.kept) = (.refused, 0, nil)
            order.fault = PostFaults.takenBack(fault, standing)
        case .refused(let reason), .unknown(let reason), .stuck(let reason):
            (order.state, order.fault) = (.half, PostFaults.half(order, fault, standing, because: reason))
        case .accepted: (order.state, order.fault) = (.half, PostFaults.half(order, fault, standing, because: nil))
        }
        return try save(order)
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
        switch try drive(.reverse, &order) {
        case .done:
            (order.state, order.written) = (.reversed, 0)
            order.fault = nil
        case .refused(let fault), .unknown(let fault), .stuck(let fault): order.fault = fault
        case .accepted: break
        }
        return try save(order)
    }

    private func finish(_ order: inout PostOrder, kept: [String: String]) {
        order.state = .done
        order.fault = nil
        order.kept = Self.joined(order.kept, kept)
    }

    /// What was kept, as JSON, with more of it.
    private static func joined(_ kept: String?, _ more: [String: String]) -> String {
        let all = fields(kept).merging(more) { $1 }
        return Node.object(all.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }).json
    }

    private static func fields(_ kept: String?) -> [String: String] {
        let entries = kept.flatMap { JSONReader.read(Array($0.utf8)).node?.entries } ?? []
        return Dictionary(entries.compactMap { entry in entry.value.scalar.map { (entry.key, $0) } }) { $1 }
    }

    private func save(_ order: PostOrder) throws -> PostOrder {
        try store.write { session in
            try session.savePost(order, company: company, at: now)
            try PostFaults.tell(order, workplace, session)
        }
        return order
    }

    // MARK: Driving the machine

    /// What requests may say of an order, with what was kept.
    private func fields(_ order: PostOrder) -> [String: String] {
        [
            "payment_id": order.paymentID, "invoice_id": order.target, "invoice_number": order.number,
            "customer_id": order.customerID, "reference": order.key, "idempotency_key": order.key, "account": account,
        ].merging(Self.fields(order.kept)) { $1 }
    }

    private mutating func drive(_ work: Post.Work, _ order: inout PostOrder) throws -> Post.Ending {
        let fields = fields(order)
        var setting = access.setting
        // Known without being declared, as in a mapping's fields.
        setting.config["home_currency"] = setting.config["home_currency"] ?? workplace.company.homeCurrency?.code
        guard
            var post = Post(
                service, work, after: order.written, fields: fields, amount: order.amount, paidOn: order.paidOn,
                setting: setting, authentication: authentication)
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
            case .note(var kept):
                order.written += 1
                kept[Self.steps] = service.push?.stepNames
                order.kept = Self.joined(order.kept, kept)
                order = try save(order)
                post.noted()
            case .end(let ending): return ending
            }
        }
    }

    private func send(_ request: PullRequest, _ post: inout Post) {
        var wire = HTTPRequest(
            method: request.method, url: request.url.text, headers: request.headers, body: request.body)
        wire.isOnce = true
        do {
            let answer = PullAnswer(
                try access.exchange(wire), as: request.format,
                namespaces: request.isForRecords ? service.push?.namespaces ?? [:] : [:],
                inner: request.isForRecords ? service.push?.inner : nil)
            post.receive(answer, at: now)
        } catch {
            post.lose(PullLoss(error), at: now)
        }
    }
}
