// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Documents
import Synchronization

/// Reads a large file in two threads: one reads bytes and parses them, the caller's makes documents of what is parsed.
///
/// The caller sees the same events in the same order as from one thread, and `drain` runs on its own.
enum XMLPipeline {
    /// Bytes; a smaller file is read before a second thread would be of use.
    static let sizeMin = 1 << 20

    /// - Returns: Why the file is refused.
    /// - Throws: `ReadFailure` when the file cannot be read, and what `drain` throws.
    static func run<Visitor: XMLVisitor>(
        _ visitor: Visitor, limits: XMLLimits, over file: SourceFile, drain: () throws -> Void
    ) throws -> Fault? {
        let relay = XMLRelay(codes: Visitor.Name.vocabulary.codes)
        DispatchQueue(label: "tieout.xml").async { relay.parse(file, limits) }
        var failure: (any Error)?
        while let events = relay.next() {
            // What was parsed before the parser knew that it is not wanted.
            guard failure == nil, visitor.tree.fault == nil else { continue }
            do {
                if visitor.take(events) { try drain() } else { relay.stop() }
            } catch {
                failure = error
                relay.stop()
            }
            relay.giveBack(events)
        }
        if let failure { throw failure }
        let fault = try relay.outcome()
        return visitor.tree.fault ?? fault
    }
}

/// Events on their way from the parser's thread to the reader's: at most so many, then the parser waits.
private final class XMLRelay: XMLSink, Sendable {
    private struct State {
        var waiting: [XMLEvents] = []
        /// Whose memory the parser may use again.
        var spares: [XMLEvents] = []
        var isStopped = false
        var outcome: Result<Fault?, any Error>?
    }

    let codes: XMLNameCodes?
    let wantsBlanks = false
    private let state = Mutex(State())
    private let room = DispatchSemaphore(value: waitingMax)
    private let filled = DispatchSemaphore(value: 0)

    /// Pieces of the file.
    private static let waitingMax = 4

    init(codes: XMLNameCodes) { self.codes = codes }

    // MARK: The parser's thread

    func parse(_ file: SourceFile, _ limits: XMLLimits) {
        let outcome = Result { try fault(of: file, limits) }
        state.withLock { $0.outcome = outcome }
        filled.signal()
    }

    private func fault(of file: SourceFile, _ limits: XMLLimits) throws -> Fault? {
        guard var handle = XMLHandle(sink: self, limits: limits) else { return XMLLimits.noParser }
        var fault: Fault?
        try file.chunks { bytes in
            // After a refusal the rest is only passed by, so that a change of the file is still seen.
            guard fault == nil, !isStopped else { return }
            fault = handle.feed(bytes)
        }
        return fault ?? (isStopped ? nil : handle.finish())
    }

    func root(_ name: String, namespace: String) -> Bool { true }
    func code(of name: String) -> Int32? { nil }

    func take(_ events: XMLEvents) -> Bool {
        room.wait()
        let isStopped = state.withLock { state in
            state.waiting.append(events)
            return state.isStopped
        }
        filled.signal()
        return !isStopped
    }

    func spare() -> XMLEvents? {
        // Nil is for a sink that keeps nothing; what this one was given is still on its way.
        state.withLock { $0.spares.popLast() } ?? XMLEvents()
    }

    // MARK: The reader's thread

    /// Nil when the parser has ended; until then it must be asked, stopped or not.
    func next() -> XMLEvents? {
        filled.wait()
        let events = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
        if events != nil { room.signal() }
        return events
    }

    /// Events that were read.
    func giveBack(_ events: XMLEvents) { state.withLock { $0.spares.append(events) } }

    /// Nothing more is wanted.
    func stop() { state.withLock { $0.isStopped = true } }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    /// After the last events.
    func outcome() throws -> Fault? { try state.withLock { $0.outcome }?.get() }
}
