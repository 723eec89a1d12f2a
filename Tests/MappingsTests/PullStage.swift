// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings
import Testing
import Trees

/// Drives a pull against a system that is a closure, with a clock that jumps.
final class PullStage {
    var now = Timestamp(milliseconds: 1_790_000_000_000)
    var requests: [PullRequest] = []
    var waits: [Int64] = []
    var kept: [Credential] = []
    var ids: [String] = []
    /// What happened, in order: `send page`, `keep`, `page 3`, `wait 5000`.
    var story: [String] = []
    var outcome: Result<PullCompletion, PullFault> = .failure(PullFault(fault: nil))
    var setting = PullSetting()
    var credential = Credential()

    struct PullFault: Error { var fault: Fault? }

    enum Reply {
        case answer(PullAnswer)
        case loss(PullLoss)
    }

    static let services = """
        mapping: 1
        name: test
        tested: documentation
        source: { http: { base: https://api.example.com/v1, get: /invoices, HTTP } }
        records: items/*
        sync: { mode: full }
        emit: { invoice: { key: [id], fields: { id: id, number: id, issued_on: day, total: total } } }
        """

    /// A service with one stream; `http` is what the test is about.
    static func service(_ http: String, sync: String = "{ mode: full }") throws -> Service {
        let text = services.replacing("HTTP", with: http).replacing("{ mode: full }", with: sync)
        let (service, faults) = Service.compile(Yard.node(text))
        try #require(faults == [], "\(faults)")
        return try #require(service)
    }

    @discardableResult
    func run(_ service: Service, steps: Int = 100_000, _ system: (PullRequest) -> Reply) -> PullStage {
        var pull = Pull(
            service.streams[0], setting: setting,
            authentication: Authentication(service, credential: credential))
        for _ in 0..<steps {
            switch pull.next(at: now) {
            case .send(let request):
                requests.append(request)
                story.append("send \(request.purpose)")
                now = Timestamp(milliseconds: now.milliseconds + 10)
                switch system(request) {
                case .answer(let answer): pull.receive(answer, at: now)
                case .loss(let loss): pull.lose(loss, at: now)
                }
            case .wait(let until):
                waits.append(until.milliseconds - now.milliseconds)
                story.append("wait")
                now = until
            case .keep(let credential):
                kept.append(credential)
                story.append("keep")
                pull.kept()
            case .page(let page):
                story.append("page \(page.records.count)")
                ids += page.records.map { $0.tree.last?["id"]?.scalar ?? "?" }
            case .done(let completion):
                outcome = .success(completion)
                return self
            case .fail(let fault):
                outcome = .failure(PullFault(fault: fault))
                return self
            }
        }
        story.append("never ended")
        return self
    }

    var fault: Fault? { if case .failure(let failure) = outcome { failure.fault } else { nil } }
    var completion: PullCompletion? { try? outcome.get() }
    var urls: [String] { requests.filter { $0.purpose == .page }.map(\.url.target) }
}

extension PullStage.Reply {
    /// 200 with records of these ids.
    static func items(
        _ ids: some Sequence<Int>, _ more: [(String, Node)] = [], headers: [(name: String, value: String)] = []
    ) -> Self {
        let items = ids.map { id in
            Node.object([
                ("id", .text(String(id))), ("day", .text("2026-01-01")), ("total", Node(.number("1.00"))),
                ("changed", .text("2026-01-\(id % 28 + 1 < 10 ? "0" : "")\(id % 28 + 1)T00:00:00Z")),
                ("version", .integer(id)),
            ])
        }
        return .answer(
            PullAnswer(
                status: 200, headers: headers, tree: .object([("items", .list(Array(items)))] + more), size: 10))
    }

    static func status(_ status: Int, _ headers: [(name: String, value: String)] = [], _ tree: Node? = nil) -> Self {
        .answer(PullAnswer(status: status, headers: headers, tree: tree))
    }
}

extension PullRequest {
    func parameter(_ name: String) -> String? {
        guard let mark = url.target.firstIndex(of: "?") else { return nil }
        for pair in url.target[url.target.index(after: mark)...].split(separator: "&") where pair.hasPrefix(name + "=")
        {
            return String(pair.dropFirst(name.count + 1))
        }
        return nil
    }

    func number(_ name: String) -> Int { parameter(name).flatMap { Int($0) } ?? 0 }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    var text: String { String(decoding: body ?? [], as: UTF8.self) }
}
