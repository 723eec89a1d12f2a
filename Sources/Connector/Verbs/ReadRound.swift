// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Foundation
import Synchronization
import Trees

/// Some of the files of one `read`, read side by side on the machine's cores; what they say stays in their order.
struct ReadRound: Sendable {
    /// What reading one file came to.
    enum Outcome: Sendable {
        /// Its lines, and whether anything of it was refused.
        case lines([UInt8], refused: Bool)
        /// Too large to be read beside others.
        case large(SourceFile, shown: String)
        case failed(any Error)
    }

    private let inputs: [InputFiles.Input]
    private let context: ReadingContext

    /// Files whose lines are held at once, and bytes of one of them.
    static let filesMax = 256
    private static let bytesMax = 1 << 20

    init(inputs: [InputFiles.Input], _ context: ReadingContext) {
        self.inputs = inputs
        self.context = context
    }

    func outcomes() -> [Outcome] {
        let workers = min(inputs.count, max(1, ProcessInfo.processInfo.activeProcessorCount))
        let found = Mutex([Outcome?](repeating: nil, count: inputs.count))
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            var writer = JSONWriter()
            // Whoever is free takes the next one, so that one slow file keeps nobody waiting.
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < inputs.count else { return }
                let outcome = read(inputs[index], &writer)
                found.withLock { $0[index] = outcome }
            }
        }
        return found.withLock { $0 }.compactMap(\.self)
    }

    private func read(_ input: InputFiles.Input, _ writer: inout JSONWriter) -> Outcome {
        do {
            let file = try SourceFile.glance(path: input.path, name: input.name)
            guard file.size <= Self.bytesMax else { return .large(file, shown: input.shown) }
            writer.clear()
            let reading = try Catalogue.read(file, context) {
                DocumentJSON.writeLine($0, file: input.shown, to: &writer)
            }
            let lines = reading.refused ? [] : writer.bytes
            return .lines(lines + Self.remarks(reading, input.shown), refused: Self.isRefused(reading))
        } catch {
            return .failed(error)
        }
    }

    static func isRefused(_ reading: Reading) -> Bool { reading.faults.contains { $0.severity != .warning } }

    /// The line after a file's documents: what was wrong with it; empty where nothing was.
    static func remarks(_ reading: Reading, _ shown: String) -> [UInt8] {
        guard !reading.faults.isEmpty else { return [] }
        let node = Node.object([
            ("file", .text(shown)), ("type", .text(reading.refused ? "refused" : "faults")),
            ("faults", .list(reading.faults.map(DocumentJSON.fault))),
        ])
        return Array((node.json + "\n").utf8)
    }
}
