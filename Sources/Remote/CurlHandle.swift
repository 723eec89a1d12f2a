// SPDX-License-Identifier: Apache-2.0
import CCurl
import Foundation
import Synchronization

/// libcurl's multi handle: made once, cleaned up once, and nowhere copied.
@safe
private struct MultiHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer

    init(connections: Int) throws {
        guard let pointer = unsafe tieout_multi_make(connections) else {
            throw HTTPFailure("NET", isPassing: false, "libcurl cannot start")
        }
        unsafe self.pointer = pointer
    }

    deinit { unsafe curl_multi_cleanup(pointer) }
}

/// The multi handle and the thread that drives it: all C of this target.
///
/// Unchecked: `multi` and `running` are touched by the loop's own thread only; `curl_multi_wakeup` is the one call
/// that libcurl allows from others.
@safe
final class CurlHandle: @unchecked Sendable {
    private struct Orders {
        var waiting: [Transfer] = []
        var cancels = false
        var stops = false
    }

    @safe private struct Running {
        let transfer: Transfer
        let reply: UnsafeMutablePointer<tieout_reply>
        let headers: UnsafeMutablePointer<curl_slist>?
    }

    private let setting: HTTPClient.Setting
    private let multi: MultiHandle
    private let orders = Mutex(Orders())
    private var running: [UnsafeMutableRawPointer: Running] = unsafe [:]

    init(_ setting: HTTPClient.Setting) throws {
        self.setting = setting
        multi = try MultiHandle(connections: setting.connectionsMax)
    }

    // MARK: From any thread

    func start() {
        let thread = Thread { [self] in loop() }
        thread.name = "tieout.remote"
        thread.start()
    }

    func enqueue(_ transfer: Transfer) {
        let isLate = orders.withLock { orders in
            if !orders.stops { orders.waiting.append(transfer) }
            return orders.stops
        }
        if isLate { transfer.finish(.failure(.cancelled)) } else { wake() }
    }

    func cancelAll() {
        orders.withLock { $0.cancels = true }
        wake()
    }

    func stop() {
        orders.withLock { $0.stops = true }
        wake()
    }

    private func wake() { unsafe curl_multi_wakeup(multi.pointer) }

    // MARK: On the loop's thread

    private func loop() {
        while true {
            let now = orders.withLock { orders in
                defer { (orders.waiting, orders.cancels) = ([], false) }
                return orders
            }
            if now.cancels || now.stops {
                cancel(now.waiting)
                if now.stops { return }
            } else {
                for transfer in now.waiting { begin(transfer) }
            }
            var count: Int32 = 0
            unsafe curl_multi_perform(multi.pointer, &count)
            collect()
            unsafe curl_multi_poll(multi.pointer, nil, 0, 10_000, nil)
        }
    }

    private func cancel(_ waiting: [Transfer]) {
        for transfer in waiting { transfer.finish(.failure(.cancelled)) }
        for unsafe(easy, one) in unsafe running {
            unsafe release(easy, one)
            one.transfer.finish(.failure(.cancelled))
        }
        unsafe running.removeAll()
    }

    private func begin(_ transfer: Transfer) {
        let request = transfer.request
        guard unsafe tieout_is_refused_url(request.url) == 0 else {
            transfer.finish(.failure(HTTPFailure(refusing: request)))
            return
        }
        guard let reply = unsafe tieout_reply_make(request.sizeMax) else {
            transfer.finish(.failure(HTTPFailure("NET", isPassing: true, "there is no memory for a transfer")))
            return
        }
        var headers: UnsafeMutablePointer<curl_slist>?
        // Without it libcurl waits a second for `100 Continue` before a larger body.
        for line in request.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
            unsafe headers = curl_slist_append(headers, line) ?? headers
        }
        let easy = unsafe make(request, headers, reply)
        guard let easy = unsafe easy, unsafe curl_multi_add_handle(multi.pointer, easy) == CURLM_OK else {
            if let easy = unsafe easy { unsafe curl_easy_cleanup(easy) }
            unsafe curl_slist_free_all(headers)
            unsafe tieout_reply_free(reply)
            transfer.finish(.failure(HTTPFailure("NET", isPassing: false, "libcurl refused the request")))
            return
        }
        unsafe running[easy] = unsafe Running(transfer: transfer, reply: reply, headers: headers)
    }

    private func make(
        _ request: HTTPRequest, _ headers: UnsafeMutablePointer<curl_slist>?,
        _ reply: UnsafeMutablePointer<tieout_reply>
    ) -> UnsafeMutableRawPointer? {
        func make(
            _ certificates: UnsafePointer<CChar>?, _ proxy: UnsafePointer<CChar>?, _ agent: UnsafePointer<CChar>
        ) -> UnsafeMutableRawPointer? {
            var options = unsafe tieout_transfer_setting(
                connect_ms: setting.connectMilliseconds, total_ms: request.timeoutMilliseconds,
                idle_seconds: setting.idleSeconds, ca_file: certificates, proxy: proxy, user_agent: agent,
                is_once: request.isOnce ? 1 : 0)
            guard let body = request.body else {
                return unsafe tieout_transfer_make(request.url, request.method, nil, 0, headers, reply, &options)
            }
            // One byte more, so that an empty body has an address.
            return unsafe (body + [0]).withUnsafeBufferPointer { bytes in
                unsafe tieout_transfer_make(
                    request.url, request.method, bytes.baseAddress, body.count, headers, reply, &options)
            }
        }
        return unsafe setting.userAgent.withCString { agent in
            unsafe Self.withCString(setting.certificateFile) { file in
                unsafe Self.withCString(setting.proxy) { unsafe make(file, $0, agent) }
            }
        }
    }

    private static func withCString<Result>(
        _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
    ) -> Result {
        guard let text else { return body(nil) }
        return unsafe text.withCString { unsafe body($0) }
    }

    private func collect() {
        var code: Int32 = 0
        while let easy = unsafe tieout_multi_done(multi.pointer, &code) {
            guard let one = unsafe running.removeValue(forKey: easy) else { continue }
            let request = one.transfer.request
            let outcome: Result<HTTPResponse, HTTPFailure>
            let status = unsafe tieout_transfer_status(easy)
            let tunnel = unsafe tieout_transfer_tunnel(easy)
            // Only a proxy says 407: to CONNECT, or instead of the system's answer.
            if let refused = [tunnel, status].first(where: { $0 == 407 || $0 == tunnel && code != 0 && $0 >= 300 }) {
                outcome = .failure(HTTPFailure(proxy: refused, request: request))
            } else if code == 0 {
                outcome = .success(
                    HTTPResponse(
                        status: status, headers: unsafe Self.headers(one.reply),
                        body: unsafe Self.copy(one.reply.pointee.body, one.reply.pointee.body_count)))
            } else {
                outcome = .failure(
                    HTTPFailure(
                        curl: code, isTooLarge: unsafe one.reply.pointee.is_too_large != 0,
                        isRefusedAddress: unsafe one.reply.pointee.is_refused_address != 0, request: request))
            }
            unsafe release(easy, one)
            one.transfer.finish(outcome)
        }
    }

    private func release(_ easy: UnsafeMutableRawPointer, _ one: Running) {
        unsafe curl_multi_remove_handle(multi.pointer, easy)
        unsafe curl_easy_cleanup(easy)
        unsafe curl_slist_free_all(one.headers)
        unsafe tieout_reply_free(one.reply)
    }

    private static func copy(_ start: UnsafeMutablePointer<UInt8>?, _ count: Int) -> [UInt8] {
        guard let start = unsafe start, count > 0 else { return [] }
        return unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    }

    /// The lines after the status line, in their order.
    private static func headers(
        _ reply: UnsafeMutablePointer<tieout_reply>
    ) -> [(name: String, value: String)] {
        let bytes = unsafe copy(reply.pointee.head, reply.pointee.head_count)
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).dropFirst().compactMap {
            line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            return (String(line[..<colon]), String(value))
        }
    }
}
