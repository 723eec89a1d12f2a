// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

struct PullPagingTests {
    static let all = (0..<23).map(String.init)

    @Test func `Pages are followed by the answer's link, relative or absolute`() throws {
        let service = try PullStage.service("page: { next: \"@odata.nextLink\" }")
        let stage = PullStage().run(service) { request in
            let start = request.number("skip")
            let link = start == 0 ? "invoices?skip=10" : "https://api.example.com/v1/invoices?skip=20"
            return .items(start..<min(start + 10, 23), start < 20 ? [("@odata.nextLink", .text(link))] : [])
        }
        #expect(stage.ids == Self.all)
        #expect(stage.urls == ["/v1/invoices", "/v1/invoices?skip=10", "/v1/invoices?skip=20"])
        #expect(stage.completion?.isWhole == true)
    }

    @Test(
        "A link that leads elsewhere ends the run and is not followed",
        arguments: [
            "https://evil.example.com/v1/invoices?skip=10", "http://api.example.com/v1/invoices?skip=10",
            "https://api.example.com:8443/v1/x", "//evil.example.com/x", "https://api.example.com@evil.example.com/",
            "https://169.254.169.254/latest/meta-data", "file:///etc/passwd", "javascript:alert(1)\u{0}",
        ])
    func elsewhere(link: String) throws {
        let service = try PullStage.service("page: { next: next }, auth: { bearer: $(secret.token) }")
        let stage = PullStage()
        stage.setting.secrets["token"] = "t0ps3cret"
        stage.run(service) { _ in .items(0..<2, [("next", .text(link))]) }
        #expect(
            stage.fault?.code == "PULL-LINK-ELSEWHERE" || stage.requests.allSatisfy { $0.url.host == "api.example.com" }
        )
        #expect(stage.requests.allSatisfy { $0.url.origin == "https://api.example.com" })
        #expect(stage.completion == nil)
    }

    @Test func `Pages are followed by the Link header`() throws {
        let service = try PullStage.service("page: { link: next }")
        let stage = PullStage().run(service) { request in
            let page = max(1, request.number("page"))
            let link =
                "<https://api.example.com/v1/invoices?page=9>; rel=\"last\", </v1/invoices?page=\(page + 1)>; rel=next"
            return .items((page * 10 - 10)..<min(page * 10, 23), headers: page < 3 ? [("Link", link)] : [])
        }
        #expect(stage.ids == Self.all)
    }

    @Test(
        "Page numbers go on until the last page, however the system says which that is",
        arguments: [
            "until: pages", "more: has_more", "short: true", "empty: true",
        ])
    func numbers(stop: String) throws {
        let service = try PullStage.service(
            "page: { number: { first: 1, param: page }, size: { param: per_page, n: 10 }, \(stop) }")
        let stage = PullStage().run(service) { request in
            let page = request.number("page")
            #expect(request.parameter("per_page") == "10")
            let from = min(page * 10 - 10, 23)
            return .items(from..<min(page * 10, 23), [("pages", .integer(3)), ("has_more", .bool(page < 3))])
        }
        #expect(stage.ids == Self.all)
        #expect(stage.urls.count == (stop == "empty: true" ? 4 : 3))
    }

    @Test func `A system that gives less than was asked for loses no record`() throws {
        for paging in [
            "number: { first: 1, param: page }, size: { param: n, n: 100 }", "offset: { param: from, n: 100 }",
        ] {
            let service = try PullStage.service("page: { \(paging), short: true }")
            let stage = PullStage().run(service) { request in
                let from = min(request.number("from") + max(0, request.number("page") - 1) * 10, 23)
                return .items(from..<min(from + 10, 23))
            }
            #expect(stage.ids == Self.all)
        }
    }

    @Test func `An offset moves by what came, not by what was asked for`() throws {
        let service = try PullStage.service("page: { offset: { param: from, n: 10 }, until: total }")
        let stage = PullStage().run(service) { request in
            let from = request.number("from")
            return .items(from..<min(from + 7, 23), [("total", .integer(23))])
        }
        #expect(stage.ids == Self.all)
        #expect(stage.urls.count == 4)
    }

    @Test func `A cursor of the last record goes on while there is more`() throws {
        let service = try PullStage.service(
            "page: { cursor: { from: last/id, param: starting_after }, more: has_more }")
        let stage = PullStage().run(service) { request in
            let from = request.parameter("starting_after").flatMap { Int($0) }.map { $0 + 1 } ?? 0
            return .items(from..<min(from + 10, 23), [("has_more", .bool(from + 10 < 23))])
        }
        #expect(stage.ids == Self.all)
    }

    @Test func `The offset of a posted request stands in its body as a number`() throws {
        let posted = try PullStage.service(
            "page: { offset: { n: 10 }, short: true }, json: { params: [$(offset), \"$(size)\", x] }")
        let stage = PullStage().run(posted) { request in
            #expect(
                request.text
                    == #"{"params":[\#(request.text.contains("[0") ? 0 : request.text.contains("[10") ? 10 : 20),"10","x"]}"#
            )
            let from = request.text.contains("[0") ? 0 : request.text.contains("[10") ? 10 : 20
            return .items(from..<min(from + 10, 23))
        }
        #expect(stage.ids == Self.all)
    }

    // MARK: Lists that do not end

    @Test(
        "A page that repeats ends in a fault",
        arguments: [
            "page: { number: { first: 1, param: page }, empty: true }",
            "page: { offset: { param: from, n: 2 }, short: true }", "page: { next: next }",
            "page: { cursor: { from: last/id, param: after } }",
        ])
    func repeats(paging: String) throws {
        let stage = PullStage().run(try PullStage.service(paging)) { request in
            .items(
                0..<2,
                [("next", .text("/v1/invoices?n=\(request.number("n") + 1)")), ("at", .text("\(request.url.target)"))])
        }
        #expect(stage.fault?.code == "PULL-REPEATS")
        #expect(stage.requests.count <= 3)
    }

    @Test func `A circle of links ends in a fault although its pages are empty`() throws {
        let stage = PullStage().run(try PullStage.service("page: { next: next }")) { request in
            .items([], [("next", .text("/v1/invoices?n=\((request.number("n") + 1) % 3)"))])
        }
        #expect(stage.fault?.code == "PULL-REPEATS")
    }

    @Test func `A list without an end ends in a fault`() throws {
        let stage = PullStage()
        stage.setting.bounds.pagesMax = 50
        var id = 0
        stage.run(try PullStage.service("page: { number: { first: 1, param: page }, empty: true }")) { _ in
            id += 2
            return .items(id..<(id + 2))
        }
        #expect(stage.fault?.code == "PULL-ENDLESS")
        #expect(stage.requests.count == 51)
    }

    @Test func `Empty pages without an end end in a fault`() throws {
        let stage = PullStage().run(
            try PullStage.service("page: { number: { first: 1, param: page }, more: more }")
        ) { _ in .items([], [("more", .bool(true))]) }
        #expect(stage.fault?.code == "PULL-ENDLESS")
        #expect(stage.requests.count < 1100)
    }

    // MARK: Lists that move while they are read

    @Test func `A record that slips between two pages is read in the next pass`() throws {
        let service = try PullStage.service(
            "page: { offset: { param: from, n: 10 }, until: total }",
            sync: "{ mode: incremental, cursor: changed, start: 2026-01-01, overlap: 5m }")
        // After the first page record 3 changes: it moves to the end, and record 10 slips onto the page before.
        var order = Array(0..<23)
        var touched: [Int: String] = [:]
        var calls = 0
        let stage = PullStage()
        let date = TimeText.http(stage.now)
        stage.run(service) { request in
            defer { calls += 1 }
            if calls == 1 {
                order.removeAll { $0 == 3 }
                order.append(3)
                touched[3] = stage.now.text
            }
            let from = request.number("from")
            let items = order[from..<min(from + 10, 23)].map { id in
                Node.object([
                    ("id", .text(String(id))), ("day", .text("2026-01-01")), ("total", Node(.number("1"))),
                    ("changed", .text(touched[id] ?? "2026-02-01T00:00:00Z")),
                ])
            }
            return .answer(
                PullAnswer(
                    status: 200, headers: calls < 3 ? [("Date", date)] : [("Date", TimeText.http(stage.now, plus: 60))],
                    tree: .object([("items", .list(items)), ("total", .integer(23))])))
        }
        #expect(Set(stage.ids) == Set(Self.all))
        #expect(stage.completion?.count.passes == 2)
        #expect(stage.completion?.cursor != nil)
    }

    @Test func `While a list never stands still the cursor stays where it is`() throws {
        let service = try PullStage.service(
            "page: { offset: { param: from, n: 10 }, until: total }",
            sync: "{ mode: incremental, cursor: changed, start: 2026-01-01, overlap: 5m }")
        let stage = PullStage()
        stage.setting.cursor = .time(1_780_000_000_000)
        stage.run(service) { request in
            let from = request.number("from")
            let items = (from..<min(from + 10, 23)).map { id in
                Node.object([
                    ("id", .text(String(id))), ("changed", .text(stage.now.text)),
                    ("seen", .integer(stage.requests.count)),
                ])
            }
            return .answer(
                PullAnswer(status: 200, tree: .object([("items", .list(items)), ("total", .integer(23))])))
        }
        let completion = try #require(stage.completion)
        #expect(completion.cursor == nil)
        #expect(completion.warnings.map(\.code) == ["PULL-UNSTABLE"])
        #expect(completion.count.passes == 3)
    }
}

enum TimeText {
    static func http(_ time: Timestamp, plus seconds: Int64 = 0) -> String {
        TimeFormat("http")?.text(time.milliseconds + seconds * 1000) ?? ""
    }
}
