// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// One request, with everything that is sent. Its headers and body may hold secrets: nothing here shows them.
package struct HTTPRequest: Sendable {
    package var method: String
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    /// The largest body that is taken, after decompression.
    package var sizeMax = 64 << 20
    package var timeoutMilliseconds = 120_000
    /// It never goes over the wire twice; otherwise a connection that dies before it answers may be replaced unseen.
    package var isOnce = false

    package init(
        method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// There is no answer, or none that can be used.
package struct HTTPFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// `NET-TIMEOUT`, `NET-TLS`, `NET-SIZE`, `NET-ADDRESS`, `NET-PROXY`, `NET-CANCELLED`, `NET-CUT`, `NET` …
    package var code: String
    /// Trying again may help.
    package var isPassing: Bool
    package var message: String

    package init(_ code: String, isPassing: Bool, _ message: String) {
        self.code = code
        self.isPassing = isPassing
        self.message = message
    }

    package var description: String { "\(code): \(message)" }
}

/// Moves requests and answers over HTTP/2 or 1.1, with libcurl's multi interface on a thread of its own.
///
/// TLS is verified, redirects are not followed, other protocols than http and https do not exist, and addresses that
/// only a machine's own surroundings have (link-local, cloud metadata) are refused after the name was resolved.
/// Connections are kept and reused. A proxy is the one that is set, or that of the usual environment variables; what its
/// address holds is never shown.
package final class HTTPClient: Sendable {
    package struct Setting: Sendable {
        package var connectMilliseconds = 15_000
        /// A transfer that brings nothing for so long ends.
        package var idleSeconds = 60
        /// Certificates to trust instead of the machine's, for a system with a certificate of its own.
        package var certificateFile: String?
        /// Where every request goes through, with its scheme; nil: what the environment says.
        package var proxy: String?
        package var connectionsMax = 8
        package var userAgent = "tieout/0.1"

        package init() {}
    }

    private let loop: CurlHandle

    /// - Throws: `HTTPFailure` when libcurl cannot start.
    package init(_ setting: Setting = Setting()) throws {
        loop = try CurlHandle(setting)
        loop.start()
    }

    deinit { loop.stop() }

    /// Sends a request and waits for the whole answer; many threads may do so at once. Never call it on the
    /// cooperative pool: it blocks.
    package func send(_ request: HTTPRequest) throws -> HTTPResponse {
        let transfer = Transfer(request)
        loop.enqueue(transfer)
        transfer.done.wait()
        return try transfer.result.withLock { $0 ?? .failure(.cancelled) }.get()
    }

    /// Ends every transfer that runs or waits; their senders get `NET-CANCELLED`.
    package func cancelAll() { loop.cancelAll() }
}

/// One request on its way through the loop.
final class Transfer: Sendable {
    let request: HTTPRequest
    let done = DispatchSemaphore(value: 0)
    let result = Mutex<Result<HTTPResponse, HTTPFailure>?>(nil)

    init(_ request: HTTPRequest) { self.request = request }

    func finish(_ outcome: Result<HTTPResponse, HTTPFailure>) {
        result.withLock { $0 = $0 ?? outcome }
        done.signal()
    }
}

extension HTTPFailure {
    static let cancelled = HTTPFailure("NET-CANCELLED", isPassing: false, "the transfer was cancelled")

    /// What libcurl's result means; the numbers are those of `curl/curl.h` and never change.
    init(curl code: Int32, isTooLarge: Bool, isRefusedAddress: Bool, request: HTTPRequest) {
        let place = Self.origin(request.url)
        if isRefusedAddress {
            self.init(refusing: request)
            return
        }
        if isTooLarge || code == 63 {
            self.init(
                "NET-SIZE", isPassing: false, "the answer of \(place) is larger than \(request.sizeMax >> 20) MB")
            return
        }
        switch code {
        case 1, 3: self.init("NET-ADDRESS", isPassing: false, "\(place) is no address that can be asked")
        case 5: self.init("NET-PROXY", isPassing: true, "the name of the proxy before \(place) cannot be resolved")
        case 6: self.init("NET-NAME", isPassing: true, "the name in \(place) cannot be resolved")
        case 7: self.init("NET-CONNECT", isPassing: true, "\(place) does not accept the connection")
        case 28: self.init("NET-TIMEOUT", isPassing: true, "\(place) did not answer in time")
        case 16, 18, 52, 55, 56, 61, 92:
            self.init("NET-CUT", isPassing: true, "the connection to \(place) broke before the answer was whole")
        case 35: self.init("NET-TLS", isPassing: true, "no encrypted connection to \(place) came about")
        case 51, 53, 54, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91, 98:
            self.init("NET-TLS", isPassing: false, "the certificate of \(place) is not one to trust")
        default: self.init("NET", isPassing: false, "the transfer from \(place) failed (libcurl \(code))")
        }
    }

    /// - Parameter status: what the proxy said.
    init(proxy status: Int, request: HTTPRequest) {
        self.init(
            "NET-PROXY", isPassing: status >= 500,
            status == 407
                ? "the proxy before \(Self.origin(request.url)) wants another name and password (status 407)"
                : "the proxy does not lead to \(Self.origin(request.url)) (status \(status))")
    }

    init(refusing request: HTTPRequest) {
        self.init(
            "NET-ADDRESS", isPassing: false,
            "\(Self.origin(request.url)) leads to an address inside this machine's surroundings, which no business "
                + "system has")
    }

    /// Without path and query, which may hold what must not be shown.
    private static func origin(_ url: String) -> String {
        guard let mark = url.firstRange(of: "://") else { return "the address" }
        let host = url[mark.upperBound...].prefix { !"/?#".contains($0) }
        return String(url[..<mark.upperBound] + (host.split(separator: "@").last ?? ""))
    }
}
