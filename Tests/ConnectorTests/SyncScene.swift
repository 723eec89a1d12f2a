// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Remote
import Store
import Synchronization
import TieoutTesting
import Trees

/// A shop's accounting system behind an exchange, a company that pulls from it, and a clock that both share.
final class SyncScene: Sendable {
    struct Bill: Hashable {
        var id: Int
        var changed: Int64
        var total: Int
        var open: Int
        var status = "open"
    }

    /// A payment that was written into the system.
    struct Receipt: Hashable {
        var id: Int
        var key: String
        var bill: Int
        var cents: Int
        var isDeleted = false
    }

    struct State {
        var bills: [Bill] = []
        var receipts: [Receipt] = []
        var now = Timestamp("2026-08-10T08:00:00Z") ?? Timestamp(milliseconds: 0)
        var refreshToken = 0
        var accessToken = 0
        var issuedAt = Int64.min
        var requests: [String] = []
        /// What happens instead of the answer, once, by the number of the request from here.
        var trouble: [Int: @Sendable () throws -> HTTPResponse] = [:]
        /// Called before each page is answered.
        var meanwhile: (@Sendable (inout State, Int) -> Void)?
        var slept: [Int64] = []
        var pageSize = 7
        var drawn: UInt64 = 1
    }

    let folder: ScratchFolder
    let state = Mutex(State())

    static let mapping = """
        mapping: 1
        name: shop
        tested: documentation
        documentation: [this test]
        source:
          http:
            base: https://shop.example/api
            auth:
              oauth2: { grant: refresh_token, token_url: https://shop.example/token, authorize_url: https://shop.example/allow, client_auth: body, rotate: true }
            page: { offset: { param: offset, n: 7 }, until: total }
        streams:
          invoices:
            http: { get: /invoices, query: { since: $(since) } }
            records: items/*
            sync: { mode: incremental, cursor: changed, start: 2026-01-01, overlap: 5m }
            emit:
              invoice:
                key: [id]
                fields:
                  id: id
                  number: number
                  customer_id: customer
                  customer_name: customer
                  issued_on: day
                  currency: { const: EUR }
                  total: total
                  open: open
                  status: { from: status, map: { open: open, paid: paid } }
        push:
          payment:
            - post: /payments
              json: { key: "$(idempotency_key)", bill: $(invoice_id), amount: "$(amount)", day: "$(paid_on)", account: "$(account)" }
              ok: { status: 201 }
              keep: { id: id }
          find: { get: /payments, query: { key: $(idempotency_key) }, found: "items[1]/id" }
          reverse:
            - delete: /payments/$(id)
              ok: { status: 204 }
        """

    init() throws {
        folder = try ScratchFolder("sync")
        _ = try folder.write(Self.mapping, to: "shop.yaml")
        _ = try folder.write(
            """
            companies:
              - id: acme
                home_currency: EUR
                authority: source
                time_zone: Europe/Amsterdam
                sources:
                  - { id: shop, mapping: shop.yaml, max_age_days: 1 }
            """, to: "tieout.yaml")
    }

    /// Two bills of a shop that payments may be written into, synced.
    static func posting(_ account: String = ", post: { account: 1200 }") throws -> SyncScene {
        let scene = try SyncScene()
        _ = try scene.folder.write(
            """
            companies:
              - id: acme
                home_currency: EUR
                authority: source
                time_zone: Europe/Amsterdam
                accounts: [{ id: NL91ABNA0417164300 }]
                sources:
                  - { id: shop, mapping: shop.yaml\(account) }
            """, to: "tieout.yaml")
        scene.add(2)
        try scene.sync()
        return scene
    }

    var now: Timestamp {
        get { state.withLock { $0.now } }
        set { state.withLock { $0.now = newValue } }
    }

    var request: Workplace.Request {
        var request = Workplace.Request()
        request.configuration = folder.path("tieout.yaml")
        request.database = folder.path("books.db")
        return request
    }

    var environment: Environment {
        Environment(
            now: { self.now },
            random: {
                self.state.withLock { state in
                    state.drawn = state.drawn &* 6_364_136_223_846_793_005 &+ 1
                    return state.drawn
                }
            }, share: Repository.root.path, log: { _ in })
    }

    func workplace() throws -> Workplace { try Workplace.open(request, environment: environment) }

    static let secrets = [
        "TIEOUT_SECRET_SHOP_CLIENT_ID": "me", "TIEOUT_SECRET_SHOP_CLIENT_SECRET": "very-secret",
        "TIEOUT_SECRET_SHOP_REFRESH_TOKEN": "RT-0",
    ]

    func surroundings(_ variables: [String: String] = SyncScene.secrets) -> SyncSurroundings {
        SyncSurroundings(
            exchange: { _ in { try self.answer($0) } },
            sleep: { length in
                self.state.withLock { state in
                    state.now = state.now + length
                    state.slept.append(length)
                }
            }, variables: variables)
    }

    @discardableResult
    func sync(dryRun: Bool = false, _ variables: [String: String] = SyncScene.secrets) throws -> Answer {
        var options = Workplace.SyncOptions()
        options.dryRun = dryRun
        return try workplace().sync(options, surroundings(variables))
    }

    /// The open amounts of the books in cents, by number.
    func openAmounts() throws -> [String: Int] {
        var amounts: [String: Int] = [:]
        try workplace().list(.invoices, openOnly: true, customer: nil) { node in
            let open = node["open"]?.scalar ?? ""
            amounts[node["number"]?.scalar ?? "?"] = Int(open.filter { $0 != "." })
        }
        return amounts
    }

    /// What the system itself says.
    var truth: [String: Int] {
        state.withLock { state in
            Dictionary(uniqueKeysWithValues: state.bills.filter { $0.open > 0 }.map { ("2026-\($0.id)", $0.open) })
        }
    }

    // MARK: The system

    func answer(_ request: HTTPRequest) throws -> HTTPResponse {
        try state.withLock { state in
            state.now = state.now + 40
            let number = state.requests.count
            state.requests.append(request.url)
            if let trouble = state.trouble.removeValue(forKey: number) { return try trouble() }
            if request.url == "https://shop.example/token" { return Self.token(request, &state) }
            guard
                request.headers.contains(where: {
                    $0.name == "Authorization" && $0.value == "Bearer AT-\(state.accessToken)"
                })
            else { return HTTPResponse(status: 401) }
            if request.url.contains("/payments") { return Self.receipts(request, &state) }
            state.meanwhile?(&state, number)
            return Self.page(request, state)
        }
    }

    /// Writes, finds and deletes payments; a bill is open by so much less or more.
    private static func receipts(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
        switch request.method {
        case "POST":
            let text = String(decoding: request.body ?? [], as: UTF8.self)
            func field(_ name: String) -> String {
                let parts = text.components(separatedBy: "\"\(name)\":")
                return parts.last?.prefix { !",}".contains($0) }.filter { $0 != "\"" } ?? ""
            }
            let cents = Int(field("amount").filter { $0 != "." }) ?? 0
            guard let bill = Int(field("bill")), state.bills.indices.contains(bill - 1),
                state.bills[bill - 1].open >= cents, field("account") == "1200"
            else { return HTTPResponse(status: 422, body: Array(#"{"message": "the bill is not that open"}"#.utf8)) }
            let receipt = Receipt(id: state.receipts.count + 1, key: field("key"), bill: bill, cents: cents)
            state.receipts.append(receipt)
            pay(bill - 1, cents, &state)
            return HTTPResponse(status: 201, body: Array(#"{"id": \#(receipt.id)}"#.utf8))
        case "DELETE":
            guard let id = Int(request.url.components(separatedBy: "/").last ?? ""),
                state.receipts.indices.contains(id - 1)
            else { return HTTPResponse(status: 404) }
            state.receipts[id - 1].isDeleted = true
            pay(state.receipts[id - 1].bill - 1, -state.receipts[id - 1].cents, &state)
            return HTTPResponse(status: 204)
        default:
            let found = state.receipts.first { request.url.hasSuffix("key=\($0.key)") && !$0.isDeleted }
            let items = found.map { [Node.object([("id", .integer($0.id))])] } ?? []
            return HTTPResponse(status: 200, body: Array(Node.object([("items", .list(items))]).json.utf8))
        }
    }

    /// A refresh token dies with its use.
    private static func token(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
        let form = String(decoding: request.body ?? [], as: UTF8.self)
        let isCode =
            form.contains("grant_type=authorization_code&code=allowed&") && form.contains("code_verifier=")
            && form.contains("client_secret=very-secret")
        guard isCode || form.contains("refresh_token=RT-\(state.refreshToken)&"),
            form.contains("client_secret=very-secret")
        else {
            return HTTPResponse(status: 400, body: Array(#"{"error": "invalid_grant"}"#.utf8))
        }
        state.refreshToken += 1
        state.accessToken += 1
        let text =
            #"{"access_token": "AT-\#(state.accessToken)", "refresh_token": "RT-\#(state.refreshToken)", "expires_in": 1800}"#
        return HTTPResponse(status: 200, body: Array(text.utf8))
    }

    private static func page(_ request: HTTPRequest, _ state: State) -> HTTPResponse {
        let parts = URLComponents(string: request.url)?.queryItems ?? []
        let since = parts.first { $0.name == "since" }?.value.flatMap { Timestamp($0) }?.milliseconds ?? 0
        let offset = parts.first { $0.name == "offset" }?.value.flatMap { Int($0) } ?? 0
        let all = state.bills.filter { $0.changed > since }.sorted { ($0.changed, $0.id) < ($1.changed, $1.id) }
        let items = all.dropFirst(offset).prefix(state.pageSize).map { bill in
            Node.object([
                ("id", .integer(bill.id)), ("number", .text("2026-\(bill.id)")), ("customer", .text("C\(bill.id % 3)")),
                ("day", .text("2026-03-01")), ("total", Node(.number(amount(bill.total)))),
                ("open", Node(.number(amount(bill.open)))), ("status", .text(bill.status)),
                ("changed", .text(Timestamp(milliseconds: bill.changed).text)),
            ])
        }
        let tree = Node.object([("items", .list(Array(items))), ("total", .integer(all.count))])
        return HTTPResponse(status: 200, body: Array(tree.json.utf8))
    }

    private static func amount(_ cents: Int) -> String {
        "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    }

    /// Adds or pays bills, now.
    func change(_ body: @Sendable (inout State) -> Void) {
        state.withLock { state in
            state.now = state.now + 1000
            body(&state)
        }
    }

    func add(_ count: Int) { change { Self.add(count, &$0) } }

    static func add(_ count: Int, _ state: inout State) {
        for _ in 0..<count {
            let id = state.bills.count + 1
            state.bills.append(Bill(id: id, changed: state.now.milliseconds, total: 1000 * id, open: 1000 * id))
        }
    }

    static func pay(_ index: Int, _ cents: Int, _ state: inout State) {
        guard state.bills.indices.contains(index) else { return }
        state.bills[index].open = max(0, state.bills[index].open - cents)
        if state.bills[index].open == 0 { state.bills[index].status = "paid" }
        state.bills[index].changed = state.now.milliseconds
    }
}
