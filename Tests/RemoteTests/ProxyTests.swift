// SPDX-License-Identifier: Apache-2.0
import Foundation
import Remote
import Testing
import TieoutTesting

/// Through a proxy on this machine.
struct ProxyTests {
    private struct Asked: Decodable {
        var verb: String
        var target: String
        /// What the proxy was given to know who asks.
        var proxy: String?
        /// What is for the system behind it.
        var own: String?
    }

    private func client(_ proxy: String, trusting server: Loopback? = nil) throws -> HTTPClient {
        var setting = HTTPClient.Setting()
        setting.proxy = proxy
        setting.certificateFile = server?.certificateFile
        return try HTTPClient(setting)
    }

    private func seen(_ proxy: Loopback) throws -> [Asked] {
        let body = try HTTPClient().send(HTTPRequest(url: proxy.url("/seen"))).body
        return try JSONDecoder().decode([Asked].self, from: Data(body))
    }

    private func lost(_ client: HTTPClient, _ url: String) throws -> HTTPFailure? {
        var request = HTTPRequest(url: url, headers: [("Authorization", "Bearer very-secret")])
        request.timeoutMilliseconds = 5000
        do {
            _ = try client.send(request)
            return nil
        } catch {
            return error as? HTTPFailure
        }
    }

    @Test func `What is not encrypted is forwarded`() throws {
        guard let server = try Loopback(), let proxy = try Loopback("proxy") else { return }
        let client = try client(proxy.url(""))
        let answer = try client.send(HTTPRequest(url: server.url("/echo"), headers: [("X-A", "b")]))
        #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("X-A: b"))
        let body = [UInt8](repeating: 65, count: 100_000)
        #expect(try client.send(HTTPRequest(method: "POST", url: server.url("/x"), body: body)).body == body)
        #expect(try seen(proxy).map(\.target) == [server.url("/echo"), server.url("/x")])
    }

    @Test func `What is encrypted goes through a tunnel, which sees no credentials`() throws {
        guard let server = try Loopback(certificate: true), let proxy = try Loopback("proxy") else { return }
        let url = server.url("/echo", host: "localhost", scheme: "https")
        let answer = try client(proxy.url(""), trusting: server).send(
            HTTPRequest(url: url, headers: [("Authorization", "Bearer very-secret")]))
        #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("very-secret"))
        // The headers are those of the system, not those of the proxy.
        #expect(answer.headers.contains { $0.name == "X-Peer" } && !answer.headers.contains { $0.name == "X-Proxy" })
        let asked = try seen(proxy)
        #expect(asked.map(\.verb) == ["CONNECT"] && asked.map(\.target) == ["localhost:\(server.port)"])
        #expect(asked.allSatisfy { $0.own == nil && $0.proxy == nil })
        // Nobody vouches for the certificate, proxy or not.
        #expect(try lost(client(proxy.url("")), url)?.code == "NET-TLS")
    }

    @Test func `A proxy that wants a password gets it, and nobody else hears of it`() throws {
        guard let server = try Loopback(), let safe = try Loopback(certificate: true),
            let proxy = try Loopback("proxy", ["me:pa55word"])
        else { return }
        let address = { (user: String) in "http://\(user)@127.0.0.1:\(proxy.port)" }
        let secret = safe.url("/echo", host: "localhost", scheme: "https")
        for url in [server.url("/echo"), secret] {
            let answer = try client(address("me:pa55word"), trusting: safe).send(HTTPRequest(url: url))
            #expect(answer.status == 200)
            #expect(!String(decoding: answer.body, as: UTF8.self).contains("Proxy-Authorization"))
            let failure = try lost(client(address("me:wrong-pa55word"), trusting: safe), url)
            #expect(failure?.code == "NET-PROXY" && failure?.isPassing == false)
            #expect(failure?.message.contains("407") == true && failure?.message.contains("pa55word") == false)
        }
        let credentials = try seen(proxy).map(\.proxy)
        #expect(credentials.contains("Basic " + Data("me:pa55word".utf8).base64EncodedString()))
    }

    @Test func `A proxy that is not there, or leads nowhere, is told without its password`() throws {
        guard let proxy = try Loopback("proxy") else { return }
        let failure = try lost(client("http://me:pa55word@127.0.0.1:9"), "https://books.example/x?token=abc")
        #expect(failure?.code == "NET-CONNECT" && failure?.isPassing == true, "\(String(describing: failure))")
        let refused = try lost(client(proxy.url("")), "https://books.example/x?token=abc")
        #expect(refused?.code == "NET-PROXY" && refused?.isPassing == false, "\(String(describing: refused))")
        let nameless = try lost(client("http://me:pa55word@proxy.invalid:3128"), "https://books.example/x?token=abc")
        #expect(nameless?.code == "NET-PROXY" && nameless?.isPassing == true, "\(String(describing: nameless))")
        let messages = [failure, refused, nameless].compactMap { $0?.message }
        #expect(messages.count == 3 && !messages.joined().contains("pa55word") && !messages.joined().contains("abc"))
    }

    @Test(
        "What no business system has is not asked for through a proxy either",
        arguments: [
            "http://169.254.169.254/latest", "http://2852039166/", "http://0xa9fea9fe/", "http://[fe80::1]/",
            "http://[::ffff:169.254.169.254]/", "https://100.100.100.200/",
        ])
    func refused(url: String) throws {
        guard let proxy = try Loopback("proxy") else { return }
        #expect(try lost(client(proxy.url("")), url)?.code == "NET-ADDRESS")
        #expect(try seen(proxy).isEmpty)
    }
}
