// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Remote
import Synchronization
import Testing
import TieoutTesting

/// Against a server that speaks HTTP/2 and nothing else, with a certificate of a private authority.
struct HTTP2Tests {
    private func client(_ server: Loopback) throws -> HTTPClient {
        var setting = HTTPClient.Setting()
        setting.certificateFile = server.certificateFile
        return try HTTPClient(setting)
    }

    private func url(_ server: Loopback) -> String { server.url("/x", host: "localhost", scheme: "https") }

    @Test func `It is negotiated, and requests share a connection`() throws {
        guard let server = try Loopback("http2", certificate: true) else { return }
        let client = try client(server)
        let body = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        let answers = try (0..<3).map { _ in
            try client.send(HTTPRequest(method: "POST", url: url(server), headers: [("X-A", "b")], body: body))
        }
        #expect(answers.allSatisfy { $0.status == 200 && $0.body == body })
        func values(_ name: String) -> [String] {
            answers.flatMap { $0.headers.filter { $0.name == name }.map(\.value) }
        }
        #expect(Set(values("x-connection")).count == 1)
        #expect(values("x-stream") == ["1", "3", "5"])
        #expect(try client.send(HTTPRequest(url: url(server))).body == [])
    }

    @Test func `Many threads at once get their own answers`() throws {
        guard let server = try Loopback("http2", certificate: true) else { return }
        let client = try client(server)
        let good = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 30) { number in
            let request = HTTPRequest(method: "POST", url: url(server), body: Array("\(number)".utf8))
            if (try? client.send(request))?.body == Array("\(number)".utf8) { good.withLock { $0 += 1 } }
        }
        #expect(good.withLock { $0 } == 30)
    }

    @Test("A stream or a connection that ends without an answer may be tried again", arguments: ["reset", "away"])
    func ended(kind: String) throws {
        guard let server = try Loopback("http2", certificate: true, [kind]) else { return }
        let client = try client(server)
        do {
            var request = HTTPRequest(url: url(server))
            request.timeoutMilliseconds = 5000
            _ = try client.send(request)
            Issue.record("it was answered")
        } catch let failure as HTTPFailure {
            #expect(failure.code == "NET-CUT" && failure.isPassing, "\(failure)")
        }
    }

    @Test func `A private authority is trusted where it is named, and only there`() throws {
        guard let server = try Loopback("http2", certificate: true) else { return }
        #expect(try client(server).send(HTTPRequest(url: url(server))).status == 200)
        do {
            _ = try HTTPClient().send(HTTPRequest(url: url(server)))
            Issue.record("a certificate nobody vouches for was trusted")
        } catch let failure as HTTPFailure {
            #expect(failure.code == "NET-TLS" && !failure.isPassing)
        }
    }
}
