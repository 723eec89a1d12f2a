// SPDX-License-Identifier: Apache-2.0
import Foundation
package import Remote

/// What a sync may touch besides the books: the network, the passing of time, and where secrets are.
package struct SyncSurroundings: Sendable {
    /// Sends one request and waits for its answer; throws `HTTPFailure`.
    package typealias Exchange = @Sendable (HTTPRequest) throws -> HTTPResponse

    /// An exchange for one source, with the certificates it trusts.
    package var exchange: @Sendable (Configuration.PullSource) throws -> Exchange
    package var sleep: @Sendable (_ milliseconds: Int64) -> Void
    package var variables: [String: String]

    package init(
        exchange: @escaping @Sendable (Configuration.PullSource) throws -> Exchange,
        sleep: @escaping @Sendable (_ milliseconds: Int64) -> Void, variables: [String: String]
    ) {
        self.exchange = exchange
        self.sleep = sleep
        self.variables = variables
    }

    package static func live() -> SyncSurroundings {
        SyncSurroundings(
            exchange: { source in
                var setting = HTTPClient.Setting()
                setting.certificateFile = source.certificateFile
                let client = try HTTPClient(setting)
                return { try client.send($0) }
            },
            sleep: { Thread.sleep(forTimeInterval: Double($0) / 1000) },
            variables: ProcessInfo.processInfo.environment)
    }
}
