// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

struct PullAnswerTests {
    static let oauth = """
        auth: { oauth2: { grant: refresh_token, token_url: https://login.example.com/token, client_auth: body, \
        rotate: true, min_interval: 570s } }, page: { number: { first: 1, param: page }, size: { param: n, n: 10 }, short: true }
        """

    private func oauthStage() -> PullStage {
        let stage = PullStage()
        stage.setting.secrets = ["client_id": "me", "client_secret": "s3cret&1", "refresh_token": "RT0"]
        return stage
    }

    private func token(_ number: Int) -> PullStage.Reply {
        .status(
            200, [],
            .object([
                ("access_token", .text("AT\(number)")), ("refresh_token", .text("RT\(number)")),
                ("expires_in", .integer(600)),
            ]))
    }

    @Test func `A rotated token is durable before it is used`() throws {
        let stage = oauthStage()
        stage.run(try PullStage.service(Self.oauth)) { request in
            if request.purpose == .token {
                #expect(request.url.text == "https://login.example.com/token")
                #expect(
                    request.text == "grant_type=refresh_token&refresh_token=RT0&client_id=me&client_secret=s3cret%261")
                return token(1)
            }
            #expect(request.header("Authorization") == "Bearer AT1")
            return .items(0..<3)
        }
        #expect(stage.story.prefix(3) == ["send token", "keep", "send page"])
        #expect(stage.kept.map(\.refreshToken) == ["RT1"])
        #expect(stage.ids.count == 3)
    }

    @Test func `A token that expires between pages is refreshed and the same page asked for again`() throws {
        let stage = oauthStage()
        stage.credential = Credential(refreshToken: "RT1", accessToken: "AT1", expiresAt: nil, issuedAt: nil)
        var tokens = 1
        stage.run(try PullStage.service(Self.oauth)) { request in
            if request.purpose == .token {
                #expect(request.text.contains("refresh_token=RT\(tokens)&"))
                tokens += 1
                return token(tokens)
            }
            let page = request.number("page")
            if page == 2, request.header("Authorization") == "Bearer AT1" { return .status(401) }
            return .items((page * 10 - 10)..<min(page * 10, 23))
        }
        #expect(stage.ids.count == 23)
        #expect(stage.urls.filter { $0.contains("page=2") }.count == 2)
        #expect(stage.kept.map(\.refreshToken) == ["RT2"])
    }

    @Test func `A second refusal in a row is the end`() throws {
        let stage = oauthStage()
        var tokens = 0
        stage.run(try PullStage.service(Self.oauth.replacing("570s", with: "0s"))) { request in
            guard request.purpose == .token else { return .status(401, [], .object([("message", .text("no AT1 no"))])) }
            tokens += 1
            return token(tokens)
        }
        #expect(stage.fault?.code == "PULL-AUTH")
        #expect(tokens == 2)
    }

    @Test func `Token calls keep their distance, over runs too`() throws {
        let stage = oauthStage()
        stage.credential = Credential(
            refreshToken: "RT1", accessToken: "AT1", expiresAt: stage.now,
            issuedAt: Timestamp(milliseconds: stage.now.milliseconds - 100_000))
        stage.run(try PullStage.service(Self.oauth)) { request in request.purpose == .token ? token(2) : .items(0..<1) }
        #expect(stage.waits == [470_000])
    }

    @Test func `A revoked refresh token says so and shows no secret`() throws {
        let stage = oauthStage()
        stage.setting.secrets["refresh_token"] = "RT-very-secret"
        stage.run(try PullStage.service(Self.oauth)) { _ in
            .status(
                400, [],
                .object([
                    ("error", .text("invalid_grant")),
                    ("error_description", .text("token RT-very-secret of client s3cret&1 is revoked")),
                ]))
        }
        let fault = try #require(stage.fault)
        #expect(fault.code == "PULL-AUTH")
        #expect(fault.message.contains("••• of client ••• is revoked"))
        #expect(!"\(fault)".contains("secret&1") && !"\(fault)".contains("RT-very"))
    }

    @Test func `A session logs in, sends what it was given, and logs in again when it ends`() throws {
        let service = try PullStage.service(
            """
            auth: { session: { login: { post: /login, json: { user: $(config.user), password: "$(secret.password)" } }, \
            keep: { uid: "result[1]", key: "result[2]" }, inject: { Authorization: { prefix: "Session ", \
            base64: "$(config.user):$(session.uid):$(session.key)" } } } }, page: none
            """.replacing("$(config.user)", with: "admin"))
        let stage = PullStage()
        stage.setting.secrets["password"] = "pw"
        var calls = 0
        stage.run(service) { request in
            if request.purpose == .login {
                #expect(request.text == #"{"user":"admin","password":"pw"}"#)
                return .status(200, [], .object([("result", .list([.integer(1), .text("abc")]))]))
            }
            calls += 1
            #expect(request.header("Authorization") == "Session YWRtaW46MTphYmM=")
            return calls == 1 ? .status(401) : .items(0..<2)
        }
        #expect(stage.story == ["send login", "send page", "send login", "send page", "page 2"])
    }

    @Test func `Cookies of a login are sent back`() throws {
        let service = try PullStage.service(
            "auth: { session: { login: { post: /Login, json: { P: \"$(secret.p)\" } }, cookies: true } }, page: none")
        let stage = PullStage()
        stage.setting.secrets["p"] = "pw"
        stage.run(service) { request in
            if request.purpose == .login {
                return .status(
                    200, [("Set-Cookie", "B1SESSION=a1; Path=/b1s; HttpOnly"), ("set-cookie", "ROUTEID=.n1; path=/")])
            }
            #expect(request.header("Cookie") == "B1SESSION=a1; ROUTEID=.n1")
            return .items(0..<1)
        }
        #expect(stage.ids == ["0"])
    }

    // MARK: Waiting

    @Test(
        "Retry-After is seconds or a date by the system's own clock",
        arguments: [
            ([(name: "Retry-After", value: "7")], 7000),
            ([("Retry-After", "Wed, 21 Oct 2026 07:28:30 GMT"), ("Date", "Wed, 21 Oct 2026 07:28:00 GMT")], 30_000),
        ] as [([(name: String, value: String)], Int64)])
    func retryAfter(headers: [(name: String, value: String)], expected: Int64) throws {
        var calls = 0
        let stage = PullStage().run(try PullStage.service("page: none")) { _ in
            calls += 1
            return calls == 1 ? .status(429, headers) : .items(0..<1)
        }
        #expect(stage.waits == [expected])
        #expect(stage.ids == ["0"])
    }

    @Test func `A wait that is too long ends the run instead of holding it`() throws {
        let stage = PullStage().run(try PullStage.service("page: none")) { _ in .status(429, [("Retry-After", "86400")])
        }
        #expect(stage.fault?.code == "PULL-LATER")
        #expect(stage.waits == [])
    }

    @Test func `429 without a word waits, longer each time, and gives up`() throws {
        let stage = PullStage().run(try PullStage.service("page: none")) { _ in .status(429) }
        #expect(stage.fault?.code == "PULL-LATER")
        #expect(stage.waits.count == 3)
        #expect(stage.waits.allSatisfy { $0 >= 4000 })
    }

    @Test func `Server errors and lost answers are retried with growing pauses, three times`() throws {
        for reply in [PullStage.Reply.status(502), .loss(PullLoss("NET-TIMEOUT", isPassing: true, "no answer"))] {
            let stage = PullStage().run(try PullStage.service("page: none")) { _ in reply }
            #expect(stage.requests.count == 4)
            #expect(stage.waits.count == 3)
            #expect(zip(stage.waits, [1000, 2000, 4000]).allSatisfy { $0 >= $1 / 2 && $0 <= $1 })
            #expect(stage.fault != nil)
        }
        let stage = PullStage().run(try PullStage.service("page: none")) { _ in
            .loss(PullLoss("NET-TLS", isPassing: false, "the certificate is not valid"))
        }
        #expect(stage.requests.count == 1)
    }

    @Test(
        "Other refusals are final",
        arguments: [
            (400, "PULL-STATUS"), (403, "PULL-AUTH"), (404, "PULL-STATUS"), (302, "PULL-REDIRECT"), (401, "PULL-AUTH"),
        ])
    func final(status: Int, code: String) throws {
        let stage = PullStage().run(try PullStage.service("page: none")) { _ in .status(status) }
        #expect(stage.fault?.code == code)
        #expect(stage.requests.count == 1)
    }

    @Test func `No more requests in a window than the system allows`() throws {
        let service = try PullStage.service(
            "limits: { per: { 60s: 5, 1h: 12 } }, page: { number: { first: 1, param: page }, more: more }")
        let stage = PullStage()
        var sent: [Int64] = []
        stage.run(service) { request in
            sent.append(stage.now.milliseconds - 10)
            let page = request.number("page")
            return .items([page], [("more", .bool(page < 30))])
        }
        #expect(sent.count == 30)
        for (window, most) in [(Int64(60_000), 5), (3_600_000, 12)] {
            for index in sent.indices where index >= most { #expect(sent[index] - sent[index - most] >= window) }
        }
    }

    @Test func `What earlier runs sent counts, and the streams of a source share one budget`() throws {
        let service = try PullStage.service("limits: { per: { 60s: 3 } }, page: none")
        let stage = PullStage()
        let now = stage.now.milliseconds
        let history = [50_000, 20_000, 10_000].map { Timestamp(milliseconds: now - $0) }
        let authentication = Authentication(service, credential: Credential())
        var first = Pull(
            service.streams[0], setting: stage.setting, authentication: authentication,
            budget: Budget(service, history: history))
        guard case .wait(let until) = first.next(at: stage.now) else {
            Issue.record("it did not wait")
            return
        }
        #expect(until.milliseconds == now + 10_000)
        guard case .send = first.next(at: until) else {
            Issue.record("it did not send")
            return
        }
        // The next stream begins with what this one has used.
        var second = Pull(
            service.streams[0], setting: stage.setting, authentication: authentication, budget: first.budget)
        guard case .wait(let later) = second.next(at: until) else {
            Issue.record("it did not wait")
            return
        }
        #expect(later.milliseconds == now + 40_000)
    }

    @Test func `Pauses are spread by chance, the same for the same seed`() throws {
        let service = try PullStage.service("page: none")
        func waits(_ seed: UInt64) -> [Int64] {
            let stage = PullStage()
            stage.setting.seed = seed
            return stage.run(service) { _ in .status(503) }.waits
        }
        #expect(waits(1) == waits(1))
        #expect(Set((1...20).map { waits(UInt64($0)) }).count > 15)
    }

    @Test func `When nothing is left the run waits for the system's reset`() throws {
        let service = try PullStage.service(
            "limits: { remaining: X-Left, reset: { header: X-Reset, as: epoch_ms } }, page: { number: { first: 1, param: page }, more: more }"
        )
        let stage = PullStage()
        stage.run(service) { request in
            let reset = String(stage.now.milliseconds + 45_000)
            return .items(
                [request.number("page")], [("more", .bool(request.number("page") < 2))],
                headers: [("X-Left", "0"), ("X-Reset", reset)])
        }
        #expect(stage.waits == [45_000])
    }

    @Test func `A system that punishes errors is left alone before it does`() throws {
        let service = try PullStage.service(
            "limits: { errors: { 1h: 3 } }, errors: [ { status: 400, do: retry, wait: 1s, max: 50 } ], page: none")
        let stage = PullStage().run(service) { _ in .status(400) }
        #expect(stage.fault?.code == "PULL-ERRORS")
        #expect(stage.requests.count == 3)
    }

    // MARK: Errors inside a success, and rules

    @Test func `An error inside status 200 lands nothing`() throws {
        let service = try PullStage.service("ok: { code: \"0\" }, page: none")
        let stage = PullStage().run(service) { _ in
            .items(0..<2, [("code", .integer(57)), ("message", .text("You are not authorized"))])
        }
        #expect(stage.fault?.code == "PULL-REFUSED")
        #expect(stage.fault?.message.contains("You are not authorized") == true)
        #expect(stage.ids == [])
    }

    @Test func `The first rule that fits decides, also about headers and bodies`() throws {
        let service = try PullStage.service(
            """
            errors: [ { status: 429, match: { header.X-Rate-Limit-Problem: day }, do: fail, say: "The day's limit." }, \
            { status: 429, do: wait, wait: retry_after, else: 3s }, { status: 500, match: { fault: "*existem*" }, do: end } ], \
            page: { number: { first: 1, param: page }, empty: true }
            """)
        var calls = 0
        let first = PullStage().run(service) { request in
            calls += 1
            if calls == 1 { return .status(429) }
            return request.number("page") < 3
                ? .items([request.number("page")])
                : .status(500, [], .object([("fault", .text("Não existem registros"))]))
        }
        #expect(first.waits == [3000])
        #expect(first.ids == ["1", "2"])
        let second = PullStage().run(service) { _ in .status(429, [("x-rate-limit-problem", "day")]) }
        #expect(second.fault?.message.contains("The day's limit.") == true)
        #expect(second.requests.count == 1)
    }

    @Test func `A web page instead of data is a fault`() throws {
        let stage = PullStage().run(try PullStage.service("page: none")) { _ in
            .answer(
                PullAnswer(
                    status: 200, problem: Fault("JSON-FORM", .refusal, at: .file, "this is no JSON", hint: ""), size: 9)
            )
        }
        #expect(stage.fault?.code == "PULL-FORM")
    }

    @Test func `Plain HTTP is for this machine only`() throws {
        let text = PullStage.services.replacing("HTTP", with: "page: none").replacing(
            "https://api.example.com/v1", with: "$(config.base)"
        )
        .replacing("tested:", with: "config: { base: { default: x } }\ntested:")
        let service = try #require(Service.compile(Yard.node(text)).0)
        for (base, isFine) in [
            ("http://erp.local", false), ("http://127.0.0.1:8000", true), ("https://erp.local", true),
            ("ftp://x", false),
        ] {
            let stage = PullStage()
            stage.setting.config["base"] = base
            stage.run(service) { _ in .items([1]) }
            #expect((stage.fault == nil) == isFine, "\(base)")
        }
    }
}
