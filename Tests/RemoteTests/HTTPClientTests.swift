// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
import Remote
import Synchronization
import Testing

struct HTTPClientTests {
    private func lost(_ request: HTTPRequest, _ setting: HTTPClient.Setting = .init()) throws -> HTTPFailure? {
        let client = try HTTPClient(setting)
        do {
            _ = try client.send(request)
            return nil
        } catch {
            return error as? HTTPFailure
        }
    }

    @Test func `Headers and bodies arrive as they are, compressed or not, over one connection`() throws {
        guard let server = try Loopback() else { return }
        let client = try HTTPClient()
        let echo = try client.send(
            HTTPRequest(url: server.url("/echo"), headers: [("X-A", "b: c"), ("Authorization", "s")]))
        #expect(echo.status == 200)
        let text = String(decoding: echo.body, as: UTF8.self)
        #expect(text.contains("X-A: b: c") && text.contains("Authorization: s") && text.contains("User-Agent: tieout"))
        let body: [UInt8] = [0, 1, 2, 255] + Array(repeating: 65, count: 100_000)
        let posted = try client.send(
            HTTPRequest(method: "POST", url: server.url("/x"), headers: [("Content-Type", "a/b")], body: body))
        #expect(posted.status == 201)
        #expect(posted.body == body)
        #expect(posted.headers.contains { $0.name == "X-Type" && $0.value == "a/b" })
        let zipped = try client.send(HTTPRequest(url: server.url("/gzip")))
        #expect(String(decoding: zipped.body, as: UTF8.self) == #"{"a": 1.10}"#)
        let peers = try (0..<3).map { _ in
            try client.send(HTTPRequest(url: server.url("/echo"))).headers.first { $0.name == "X-Peer" }?.value
        }
        #expect(Set(peers).count == 1)
        #expect(try client.send(HTTPRequest(url: server.url("/nothing"))).status == 404)
    }

    /// libcurl sends again by itself what it sent on a used connection that died without a byte.
    @Test func `What must go over the wire once goes once, whatever becomes of the connection`() throws {
        guard let server = try Loopback() else { return }
        let client = try HTTPClient()
        _ = try client.send(HTTPRequest(url: server.url("/echo")))
        var request = HTTPRequest(method: "POST", url: server.url("/drop"), body: Array("{}".utf8))
        request.isOnce = true
        #expect(throws: HTTPFailure.self) { try client.send(request) }
        #expect(String(decoding: try client.send(HTTPRequest(url: server.url("/posts"))).body, as: UTF8.self) == "1")
    }

    @Test func `A redirect is an answer, not a way to go`() throws {
        guard let server = try Loopback() else { return }
        let answer = try HTTPClient().send(HTTPRequest(url: server.url("/redirect"), headers: [("Authorization", "s")]))
        #expect(answer.status == 302)
    }

    @Test(
        "What is too large ends early, also when it grows by being unpacked",
        arguments: ["/endless", "/bomb", "/headers"])
    func large(path: String) throws {
        guard let server = try Loopback() else { return }
        var request = HTTPRequest(url: server.url(path))
        request.sizeMax = 1 << 20
        let failure = try #require(try lost(request))
        #expect(failure.code == "NET-SIZE" || path == "/headers")
        #expect(!failure.isPassing)
    }

    @Test(
        "What breaks may be tried again",
        arguments: [("/cut", "NET-CUT"), ("/drop", "NET-CUT"), ("/slow", "NET-TIMEOUT")])
    func breaks(path: String, code: String) throws {
        guard let server = try Loopback() else { return }
        var request = HTTPRequest(url: server.url(path))
        request.timeoutMilliseconds = 700
        let failure = try #require(try lost(request))
        #expect(failure.code == code)
        #expect(failure.isPassing)
    }

    @Test func `A port where nobody listens may be tried again`() throws {
        let failure = try #require(try lost(HTTPRequest(url: "http://127.0.0.1:9/x?token=abc")))
        #expect(failure.code == "NET-CONNECT")
        #expect(failure.isPassing)
        #expect(!failure.message.contains("abc"))
    }

    @Test(
        "Addresses and protocols that no business system has are refused",
        arguments: [
            "http://169.254.169.254/latest/meta-data", "http://[fe80::1]/", "http://0.0.0.0:80/",
            "http://[::ffff:169.254.169.254]/",
            "http://2852039166/", "http://0xa9fea9fe/", "http://100.100.100.200/", "http://[fd00:ec2::254]/",
            "file:///etc/passwd", "gopher://127.0.0.1:9/x", "http://user:pass@127.0.0.1:9/",
        ])
    func refused(url: String) throws {
        var request = HTTPRequest(url: url)
        request.timeoutMilliseconds = 3000
        let failure = try #require(try lost(request))
        #expect(!failure.isPassing)
        #expect(failure.code == "NET-ADDRESS" || url.contains("user"), "\(failure)")
        #expect(!failure.message.contains("pass@"))
    }

    @Test func `A certificate that nobody vouches for is refused, and trusted where it is named`() throws {
        guard let server = try Loopback(certificate: true) else { return }
        let url = server.url("/echo", host: "localhost", scheme: "https")
        let failure = try #require(try lost(HTTPRequest(url: url)))
        #expect(failure.code == "NET-TLS")
        #expect(!failure.isPassing)
        var setting = HTTPClient.Setting()
        setting.certificateFile = server.certificateFile
        let client = try HTTPClient(setting)
        #expect(try client.send(HTTPRequest(url: url)).status == 200)
        // The name must fit too.
        let other = try lost(HTTPRequest(url: server.url("/echo", scheme: "https")), setting)
        #expect(other?.code == "NET-TLS")
    }

    @Test func `No more connections at once than are allowed`() throws {
        guard let server = try Loopback() else { return }
        var setting = HTTPClient.Setting()
        setting.connectionsMax = 3
        let client = try HTTPClient(setting)
        let good = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 12) { _ in
            if (try? client.send(HTTPRequest(url: server.url("/while"))))?.status == 200 { good.withLock { $0 += 1 } }
        }
        #expect(good.withLock { $0 } == 12)
        let most = try client.send(HTTPRequest(url: server.url("/most"))).body
        #expect(Int(String(decoding: most, as: UTF8.self)).map { $0 <= 3 && $0 > 0 } == true)
    }

    @Test func `Many threads send at once and cancelling wakes them all`() throws {
        guard let server = try Loopback() else { return }
        let client = try HTTPClient()
        let good = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 40) { number in
            let request = HTTPRequest(method: "POST", url: server.url("/x"), body: Array("\(number)".utf8))
            if (try? client.send(request))?.body == Array("\(number)".utf8) { good.withLock { $0 += 1 } }
        }
        #expect(good.withLock { $0 } == 40)
        let cancelled = Mutex(0)
        let began = Date()
        let thread = Thread {
            Thread.sleep(forTimeInterval: 0.4)
            client.cancelAll()
        }
        thread.start()
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            do {
                _ = try client.send(HTTPRequest(url: server.url("/slow")))
            } catch {
                if (error as? HTTPFailure)?.code == "NET-CANCELLED" { cancelled.withLock { $0 += 1 } }
            }
        }
        #expect(cancelled.withLock { $0 } > 0)
        #expect(Date().timeIntervalSince(began) < 4.5)
        #expect(try client.send(HTTPRequest(url: server.url("/echo"))).status == 200)
    }
}
