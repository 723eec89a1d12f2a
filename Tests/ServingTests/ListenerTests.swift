// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
import Remote
import Serving
import Synchronization
import Testing

/// Real sockets on this machine; the end comes from a beat, as it would from a signal.
@Suite(.serialized) struct ListenerTests {
    /// What the listener was told and has told.
    private final class Log: Sendable {
        private struct State {
            var isToEnd = false
            var port: Int?
            var events: [String] = []
            var idleAfter = 0
        }

        private let state = Mutex(State())
        private let opened = DispatchSemaphore(value: 0)

        func open(_ port: Int) {
            state.withLock { $0.port = port }
            opened.signal()
        }

        /// Waits until the port is open.
        func port() throws -> Int {
            try #require(opened.wait(timeout: .now() + 300) == .success)
            return try #require(state.withLock { $0.port })
        }

        func end() { state.withLock { $0.isToEnd = true } }
        var goesOn: Bool { state.withLock { !$0.isToEnd } }
        func add(_ event: String) { state.withLock { $0.events.append(event) } }
        var events: [String] { state.withLock { $0.events } }

        /// Idle after so many questions.
        func isBusy(_ count: Int) { state.withLock { $0.idleAfter = count } }
        var isIdle: Bool {
            state.withLock { state in
                state.idleAfter -= 1
                return state.idleAfter < 0
            }
        }
    }

    private func listener(_ log: Log) -> Listener {
        var listener = Listener(
            host: "127.0.0.1", port: 0,
            reply: { path in
                path == "/ready"
                    ? .init(status: 503, body: "not yet\n") : .init(status: 200, body: "you asked \(path)\n")
            }, beat: { log.goesOn })
        listener.beatMilliseconds = 5
        listener.drain = { log.add("drain") }
        listener.isIdle = { log.isIdle }
        listener.cut = { log.add("cut") }
        return listener
    }

    /// Runs the listener on a thread of its own while the body asks it on another: neither may hold up the threads that
    /// the server itself runs on.
    private func run(_ listener: Listener, _ log: Log, _ body: @escaping @Sendable (Int) throws -> Void) async throws {
        try await Self.onThread {
            let ended = DispatchSemaphore(value: 0)
            let served = Mutex<Result<Void, any Error>>(.success(()))
            Thread {
                let result = Result { try listener.run { log.open($0) } }
                served.withLock { $0 = result }
                ended.signal()
            }.start()
            let asked = Result { try body(log.port()) }
            log.end()
            ended.wait()
            try asked.get()
            try served.withLock { $0 }.get()
        }
    }

    private static func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread { continuation.resume(with: Result(catching: body)) }.start()
        }
    }

    private static func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test func `It answers what it is asked, in many connections at once, and ends when it is told to`() async throws {
        let log = Log()
        try await run(listener(log), log) { port in
            let client = try HTTPClient()
            let base = "http://127.0.0.1:\(port)"
            let first = try client.send(HTTPRequest(url: base + "/a/b?c=d%20e"))
            #expect(first.status == 200 && Self.text(first) == "you asked /a/b?c=d%20e\n")
            #expect(first.headers.contains { $0.name.lowercased() == "cache-control" && $0.value == "no-store" })
            #expect(try client.send(HTTPRequest(url: base + "/ready")).status == 503)
            #expect(try client.send(HTTPRequest(url: base + "/")).status == 200)
            #expect(try client.send(HTTPRequest(method: "POST", url: base + "/a", body: [65])).status == 404)
            let good = Mutex(0)
            DispatchQueue.concurrentPerform(iterations: 200) { number in
                guard let response = try? client.send(HTTPRequest(url: base + "/\(number)")),
                    Self.text(response) == "you asked /\(number)\n"
                else { return }
                good.withLock { $0 += 1 }
            }
            #expect(good.withLock { $0 } == 200)
        }
        #expect(log.events == ["drain"])
    }

    @Test func `What still runs is waited for, and cut off only when it takes too long`() async throws {
        let patient = Log()
        patient.isBusy(3)
        try await run(listener(patient), patient) { _ in }
        #expect(patient.events == ["drain"])

        let impatient = Log()
        impatient.isBusy(10)
        var hasty = listener(impatient)
        hasty.patienceSeconds = 0
        try await run(hasty, impatient) { _ in }
        #expect(impatient.events == ["drain", "cut"])
    }

    @Test func `While what runs comes to its end, it still answers`() async throws {
        let log = Log()
        var listener = listener(log)
        let asked = DispatchSemaphore(value: 0)
        let answered = DispatchSemaphore(value: 0)
        listener.drain = {
            asked.signal()
            _ = answered.wait(timeout: .now() + 300)
        }
        try await run(listener, log) { port in
            log.end()
            try #require(asked.wait(timeout: .now() + 300) == .success)
            defer { answered.signal() }
            #expect(try HTTPClient().send(HTTPRequest(url: "http://127.0.0.1:\(port)/ready")).status == 503)
        }
    }

    @Test func `A port that somebody else has is an error, not a wait`() async throws {
        let log = Log()
        try await run(listener(log), log) { port in
            let second = Log()
            var late = listener(second)
            late.port = port
            let listener = late
            #expect(throws: (any Error).self) { try listener.run { second.open($0) } }
        }
    }
}
