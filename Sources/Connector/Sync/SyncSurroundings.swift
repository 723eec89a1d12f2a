// SPDX-License-Identifier: Apache-2.0
import Foundation
package import Remote
import Synchronization

/// What a sync may touch besides the books: the network, the passing of time, and where secrets are.
package struct SyncSurroundings: Sendable {
    /// Sends one request and waits for its answer; throws `HTTPFailure`.
    package typealias Exchange = @Sendable (HTTPRequest) throws -> HTTPResponse

    /// An exchange for one source, with the certificates it trusts.
    package var exchange: @Sendable (Configuration.PullSource) throws -> Exchange
    package var sleep: @Sendable (_ milliseconds: Int64) -> Void
    package var variables: [String: String]
    /// Pulled by a process that is to end.
    package var brake = Brake()

    package init(
        exchange: @escaping @Sendable (Configuration.PullSource) throws -> Exchange,
        sleep: @escaping @Sendable (_ milliseconds: Int64) -> Void, variables: [String: String]
    ) {
        self.exchange = exchange
        self.sleep = sleep
        self.variables = variables
    }

    /// The real network. Sources that trust the same certificates and go the same way share a client, and with it its connections.
    package static func live() -> SyncSurroundings {
        let brake = Brake()
        let clients = Mutex<[String: HTTPClient]>([:])
        var surroundings = SyncSurroundings(
            exchange: { source in
                let client = try clients.withLock { clients in
                    let key = "\(source.certificateFile ?? "")\n\(source.proxy ?? "")"
                    if let known = clients[key] { return known }
                    var setting = HTTPClient.Setting()
                    setting.certificateFile = source.certificateFile
                    setting.proxy = source.proxy
                    let made = try HTTPClient(setting)
                    clients[key] = made
                    brake.onCut { made.cancelAll() }
                    return made
                }
                return { try client.send($0) }
            },
            sleep: { brake.sleep(milliseconds: $0) }, variables: ProcessInfo.processInfo.environment)
        surroundings.brake = brake
        return surroundings
    }
}
