// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

struct PullCursorTests {
    static let increment = "{ mode: incremental, cursor: changed, start: 2026-01-01, overlap: 5m }"
    static let page = "page: none, query: { filter: \"changed gt $(since)\" }"

    private func answer(_ changed: [String?]) -> PullStage.Reply {
        let items = changed.enumerated().map { index, text in
            Node.object([("id", .text(String(index))), ("changed", .text(text))])
        }
        return .answer(PullAnswer(status: 200, tree: .object([("items", .list(items))])))
    }

    private func moment(_ text: String) throws -> Int64 { try #require(Timestamp(text)).milliseconds }

    @Test func `The new cursor is the largest value seen, and the next run begins its overlap earlier`() throws {
        let service = try PullStage.service(Self.page, sync: Self.increment)
        let stage = PullStage().run(service) { request in
            #expect(request.parameter("filter") == "changed%20gt%202026-01-01T00%3A00%3A00Z")
            return answer(["2026-03-01T10:00:00Z", "2026-03-05T10:00:00.250+01:00", "2026-03-02", nil])
        }
        #expect(stage.completion?.cursor == .time(try moment("2026-03-05T09:00:00.250Z")))
        let next = PullStage()
        next.setting.cursor = stage.completion?.cursor
        next.run(service) { request in
            #expect(request.parameter("filter") == "changed%20gt%202026-03-05T08%3A55%3A00.250Z")
            return answer([])
        }
        #expect(next.completion?.cursor == stage.completion?.cursor)
    }

    @Test func `A moment in the future does not carry the cursor past the run's own beginning`() throws {
        let service = try PullStage.service(Self.page, sync: Self.increment)
        let stage = PullStage()
        let began = stage.now.milliseconds
        stage.run(service) { _ in answer(["2099-01-01T00:00:00Z", "2026-03-01T10:00:00Z"]) }
        #expect(stage.completion?.cursor == .time(began))
    }

    @Test func `The cursor never goes back`() throws {
        let stage = PullStage()
        stage.setting.cursor = .time(try moment("2026-05-01T00:00:00Z"))
        stage.run(try PullStage.service(Self.page, sync: Self.increment)) { _ in answer(["2026-03-01T10:00:00Z"]) }
        #expect(stage.completion?.cursor == .time(try moment("2026-05-01T00:00:00Z")))
    }

    @Test func `A run that fails has no cursor`() throws {
        var calls = 0
        let stage = PullStage().run(
            try PullStage.service(
                "page: { number: { first: 1, param: page }, empty: true }", sync: Self.increment)
        ) { _ in
            calls += 1
            return calls == 1 ? answer(["2026-03-01T10:00:00Z"]) : .status(400)
        }
        #expect(stage.completion == nil)
    }

    @Test func `A list that holds its whole span says from where, and any other says nothing of what is absent`() throws
    {
        let span = Self.increment.replacing("5m }", with: "60d, absent: gone }")
        func from(_ sync: String, _ cursor: String?) throws -> Int64? {
            let text = PullStage.services.replacing("HTTP", with: Self.page).replacing("{ mode: full }", with: sync)
                .replacing(
                    "{ invoice: { key: [id], fields: { id: id, number: id, issued_on: day, total: total } } }",
                    with: "{ payment: { key: [id], fields: { id: id, booked_on: day, amount: total } } }")
            let (service, faults) = Service.compile(Yard.node(text))
            try #require(faults == [], "\(faults)")
            let stage = PullStage()
            stage.setting.cursor = try cursor.map { .time(try moment($0)) }
            stage.run(try #require(service)) { _ in answer(["2026-03-01T10:00:00Z"]) }
            return try #require(stage.completion).listedFrom
        }
        #expect(try from(span, nil) == moment("2026-01-01T00:00:00Z"))
        #expect(try from(span, "2026-05-01T00:00:00Z") == moment("2026-03-02T00:00:00Z"))
        #expect(try from("{ mode: full, absent: gone }", nil) == .min)
        #expect(try from(Self.increment, nil) == nil)
        #expect(try from("{ mode: full }", nil) == nil)
        for wrong in ["{ mode: full, absent: gone }", "{ mode: open_snapshot, absent: gone }", "{ absent: settled }"] {
            let text = PullStage.services.replacing("HTTP", with: Self.page).replacing("{ mode: full }", with: wrong)
            #expect(Service.compile(Yard.node(text)).1.map(\.code) == ["MAPPING-VALUE"], "\(wrong)")
        }
    }

    @Test func `A cursor too old for the system starts again`() throws {
        let service = try PullStage.service(
            Self.page, sync: "{ mode: incremental, cursor: changed, start: 2025-01-01, overlap: 5m, retention: 30d }")
        let stage = PullStage()
        stage.setting.cursor = .time(stage.now.milliseconds - 31 * 86_400_000)
        stage.run(service) { request in
            #expect(request.parameter("filter") == "changed%20gt%202025-01-01T00%3A00%3A00Z")
            return answer([])
        }
        #expect(stage.completion != nil)
    }

    @Test func `A sequence counts in numbers`() throws {
        let service = try PullStage.service(
            Self.page, sync: "{ mode: incremental, cursor: version, as: sequence, overlap: 0 }")
        let first = PullStage().run(service) { request in
            #expect(request.parameter("filter") == nil)
            return .items([7, 90, 12])
        }
        #expect(first.completion?.cursor == .number(90))
        let second = PullStage()
        second.setting.cursor = .number(90)
        second.run(service) { request in
            #expect(request.parameter("filter") == "changed%20gt%2090")
            return .items([])
        }
        #expect(second.completion?.cursor == .number(90))
    }

    @Test(
        "The moment is written as the system wants it",
        arguments: [
            ("$(since)", "yyyy-MM-dd'T'HH:mm:ss", "2026-03-05T08:55:07"),
            ("$(since:http)", "iso", "Thu%2C%2005%20Mar%202026%2008%3A55%3A07%20GMT"),
            ("$(since:epoch_s)", "iso", "1772700907"), ("$(since:yyyyMMdd)", "iso", "20260305"),
            ("$(since:M-H-s)", "iso", "3-8-7"),
            ("$(since:yyyy-MM-dd HH:mm:ssXX)", "iso", "2026-03-05%2008%3A55%3A07%2B0000"),
        ])
    func formats(placeholder: String, form: String, expected: String) throws {
        let service = try PullStage.service(
            "page: none, query: { q: \"\(placeholder)\" }",
            sync: "{ mode: incremental, cursor: changed, as: \"\(form)\", overlap: 1s }")
        let stage = PullStage()
        stage.setting.cursor = .time(try moment("2026-03-05T08:55:08Z"))
        stage.run(service) { request in
            let text = request.parameter("q")?.replacing("%3A", with: ":")
            #expect(text == expected.replacing("%3A", with: ":"))
            return answer([])
        }
        #expect(stage.completion != nil)
    }

    @Test func `A feed that is newest first is read until what is known`() throws {
        let service = try PullStage.service(
            "page: { cursor: { from: last/id, param: after }, more: more }, stop: { when_older: true }",
            sync: "{ mode: incremental, cursor: changed, overlap: 10d }")
        let stage = PullStage()
        stage.setting.cursor = .time(try moment("2026-03-20T00:00:00Z"))
        var calls = 0
        stage.run(service) { _ in
            calls += 1
            let day = 25 - calls * 5
            let items = [day + 1, day].map { number in
                Node.object([
                    ("id", .integer(number)),
                    ("changed", .text("2026-03-\(number < 10 ? "0" : "")\(number)T00:00:00Z")),
                ])
            }
            return .answer(PullAnswer(status: 200, tree: .object([("items", .list(items)), ("more", .bool(true))])))
        }
        #expect(stage.ids == ["21", "20", "16", "15", "11", "10", "6", "5"])
        #expect(stage.completion?.cursor == .time(try moment("2026-03-21T00:00:00Z")))
    }

    @Test func `A mandatory window is walked to its end`() throws {
        let service = try PullStage.service(
            "page: none, window: { from: from, to: to, step: 90d, ahead: 30d }",
            sync: "{ mode: full, start: 2026-01-01 }")
        let stage = PullStage()
        stage.now = try #require(Timestamp("2026-07-01T00:00:00Z"))
        stage.run(service) { request in
            .items([stage.requests.count])
        }
        #expect(
            stage.urls == [
                "/v1/invoices?from=2026-01-01&to=2026-04-01", "/v1/invoices?from=2026-04-01&to=2026-06-30",
                "/v1/invoices?from=2026-06-30&to=2026-07-31",
            ])
    }

    @Test func `Tagged parts are a moment`() throws {
        let service = try PullStage.service(
            "page: none", sync: "{ mode: incremental, cursor: [write, create], overlap: 5m }")
        let parts: [(String, Node)] = [
            ("__class__", .text("datetime")), ("year", .integer(2026)), ("month", .integer(2)), ("day", .integer(3)),
            ("hour", .integer(4)), ("minute", .integer(5)), ("second", .integer(6)), ("microsecond", .integer(789_000)),
        ]
        let stage = PullStage().run(service) { _ in
            .answer(
                PullAnswer(
                    status: 200,
                    tree: .object([
                        ("items", .list([.object([("id", .text("1")), ("write", .null), ("create", .object(parts))])]))
                    ])))
        }
        #expect(stage.completion?.cursor == .time(try moment("2026-02-03T04:05:06.789Z")))
    }

    // MARK: What the compiler refuses

    @Test(
        "A mapping that could lose records or secrets is refused",
        arguments: [
            ("page: none", "{ mode: incremental, cursor: changed }", "overlap"),
            ("page: none", "{ mode: incremental, overlap: 5m }", "cursor"),
            ("query: { a: b }", "{ mode: full }", "page"), ("page: { number: { first: 1 } }", "{ mode: full }", "last"),
            ("page: none, auth: { bearer: abc }", "{ mode: full }", "secret"),
            ("page: none, query: { a: $(config.x) }", "{ mode: full }", "declared"),
            ("page: none, query: { a: $(nonsense) }", "{ mode: full }", "nonsense"),
            ("page: none, pge: 1", "{ mode: full }", "pge"),
            (
                "page: none, auth: { oauth2: { grant: refresh_token, token_url: https://a.b } }", "{ mode: full }",
                "rotate"
            ),
            ("page: none, limits: { per: { 60: 1 } }", "{ mode: full }", "limit"),
            ("page: none, errors: [ { do: fail } ]", "{ mode: full }", "status"),
        ])
    func refused(http: String, sync: String, word: String) throws {
        let text = PullStage.services.replacing("HTTP", with: http).replacing("{ mode: full }", with: sync)
        let (service, faults) = Service.compile(Yard.node(text))
        #expect(service == nil)
        #expect(faults.contains { ($0.message + $0.hint).contains(word) }, "\(faults)")
    }

    @Test func `Streams share what stands above them and answer for the rest`() throws {
        let text = """
            mapping: 1
            name: shop
            tested: documentation
            source: { http: { base: https://a.example, page: none, headers: { A: 1, B: 2 }, get: /never } }
            streams:
              customers:
                http: { get: /customers, headers: { b: 3 } }
                records: items/*
                emit: { customer: { key: [id], fields: { id: id } } }
              invoices:
                http: { post: /search, json: { a: 1 } }
                records: items/*
                emit: { invoice: { key: [id], fields: { id: id, number: id, issued_on: day, total: total } } }
            """
        let (compiled, faults) = Service.compile(Yard.node(text))
        #expect(faults == [])
        let service = try #require(compiled)
        #expect(service.streams.map(\.name) == ["customers", "invoices"])
        #expect(service.streams.map(\.mapping.name) == ["shop-customers", "shop-invoices"])
        var requests: [PullRequest] = []
        for stream in service.streams {
            var pull = Pull(
                stream, setting: PullSetting(), authentication: Authentication(service, credential: Credential()))
            if case .send(let request) = pull.next(at: Timestamp(milliseconds: 0)) { requests.append(request) }
        }
        #expect(
            requests.map { "\($0.method) \($0.url.text)" } == [
                "GET https://a.example/customers", "POST https://a.example/search",
            ])
        #expect(requests[0].headers.map { "\($0.name)=\($0.value)" }.prefix(2) == ["A=1", "b=3"])
    }
}
