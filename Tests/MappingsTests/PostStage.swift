// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

/// One write against a system that is a list of replies.
struct PostStage {
    var ending = Post.Ending.done([:])
    var sent: [PullRequest] = []
    /// What was kept when each writing step was noted.
    var notes: [[String: String]] = []

    /// Method, path and body of each request.
    var lines: [String] { sent.map { "\($0.method) \($0.url.text.dropFirst(26)) \($0.text)" } }

    static let lost = PullStage.Reply.loss(PullLoss("NET-CUT", isPassing: true, "the answer broke off"))

    static func reply(_ text: String, status: Int = 200) -> PullStage.Reply {
        .answer(PullAnswer(status: status, headers: [], tree: Yard.node("reply: " + text)["reply"]))
    }

    static func service(_ text: String) throws -> Service {
        let (service, faults) = Service.compile(Yard.node(text))
        try #require(faults == [], "\(faults)")
        return try #require(service)
    }

    /// Drives it to its end, which takes all replies.
    static func drive(
        _ service: Service, _ work: Post.Work = .pay, after written: Int = 0, fields: [String: String],
        amount: Int64 = 1000, setting: PullSetting = PullSetting(), answers replies: [PullStage.Reply]
    ) throws -> PostStage {
        let day = try #require(Day(year: 2026, month: 8, day: 10))
        let made = Post(
            service, work, after: written, fields: fields, amount: Money(minorUnits: amount, currency: .eur),
            paidOn: day, setting: setting, authentication: Authentication(service, credential: Credential()))
        var post = try #require(made)
        var now = Timestamp(milliseconds: 1_790_000_000_000)
        var rest = replies[...]
        var stage = PostStage()
        while true {
            switch post.next(at: now) {
            case .send(let request):
                stage.sent.append(request)
                let reply = rest.popFirst()
                switch try #require(reply) {
                case .answer(let answer): post.receive(answer, at: now)
                case .loss(let loss): post.lose(loss, at: now)
                }
            case .wait(let until): now = until
            case .keep: post.kept()
            case .note(let kept):
                stage.notes.append(kept)
                post.noted()
            case .end(let ending):
                #expect(rest.isEmpty, "\(rest.count) replies were not asked for")
                stage.ending = ending
                return stage
            }
        }
    }
}
