// SPDX-License-Identifier: Apache-2.0
import Connector
import Synchronization

/// What a command runs in: the real world, unless a demonstration runs commands day by day with a clock of its own.
///
/// A process runs one command at a time, so this is the process's state and no task's.
enum Surroundings {
    private struct State: Sendable {
        var environment: Environment?
        var sink: (@Sendable (String) -> Void)?
    }

    private static let state = Mutex(State())

    static var environment: Environment? { state.withLock { $0.environment } }

    /// Where results go; stdout when nil.
    static var sink: (@Sendable (String) -> Void)? { state.withLock { $0.sink } }

    /// Runs a command in other surroundings, and puts the real ones back.
    static func with(
        _ environment: Environment, sink: @escaping @Sendable (String) -> Void, _ body: () throws -> Void
    ) rethrows {
        let before = state.withLock { state in
            defer { state = State(environment: environment, sink: sink) }
            return state
        }
        defer { state.withLock { $0 = before } }
        try body()
    }
}
