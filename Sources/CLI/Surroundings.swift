// SPDX-License-Identifier: Apache-2.0
import Connector

/// What a command runs in: the real world, unless a demonstration runs commands day by day with a clock of its own.
enum Surroundings {
    @TaskLocal static var environment: Environment?
    /// Where results go; stdout when nil.
    @TaskLocal static var sink: (@Sendable (String) -> Void)?
    /// Paths that a command names start here.
    @TaskLocal static var folder: String?
}
