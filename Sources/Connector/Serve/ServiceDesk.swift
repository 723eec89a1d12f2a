// SPDX-License-Identifier: Apache-2.0
import Documents
import Foundation
import Store
import Synchronization

/// Pulls every source with a schedule when it is due, and says how it is: what `tieout serve` runs.
///
/// It decides nothing that `tieout sync` does not: each run is that verb, for one source, on a thread of its own. An
/// orderly end lets streams come to their commit and begins none; ending the process anywhere else is safe too, because
/// a run that is cut off is simply run again.
package final class ServiceDesk: Sendable {
    package struct Reply: Hashable, Sendable {
        package var status: Int
        package var type: String
        package var body: String
    }

    private struct State {
        var scheduler: Scheduler
        var lastTick: Timestamp?
        var isDraining = false
    }

    /// Without a tick for so long it is not ready. Milliseconds.
    private static let tickMax: Int64 = 60_000

    private let request: Workplace.Request
    private let environment: Environment
    private let surroundings: SyncSurroundings
    private let launch: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let companies: [String]
    private let state: Mutex<State>

    /// - Parameter launch: starts a run beside the others; a thread of its own, unless a test says otherwise.
    package init(
        _ request: Workplace.Request, environment: Environment, surroundings: SyncSurroundings,
        launch: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void = ServiceDesk.thread
    ) throws {
        self.request = request
        self.environment = environment
        self.surroundings = surroundings
        self.launch = launch
        companies = try request.company.map { [$0] } ?? Workplace.companies(request)
        var scheduler = Scheduler()
        for company in companies {
            let workplace = try Self.open(company, request, environment)
            let store = try workplace.openStore(creates: true)
            for source in workplace.books.sources {
                guard let pull = source.pull, let cron = pull.schedule else { continue }
                // A mapping that does not compile is found now, not in the night.
                _ = try workplace.findService(of: pull)
                scheduler.add(
                    Scheduler.Name(company: company, source: source.id), cron,
                    zone: workplace.company.timeZone ?? "UTC", jitterSeconds: pull.jitterSeconds,
                    lastStarted: try store.read { try workplace.lastSync(source, pull, $0) })
            }
        }
        guard !scheduler.due.isEmpty else {
            throw Failure(
                "SCHEDULE-NONE", "No source of the configuration has a schedule.",
                hint: "Give a source that is pulled a line such as `schedule: \"*/30 6-20 * * MON-FRI\"`.")
        }
        state = Mutex(State(scheduler: scheduler))
    }

    package static let thread: @Sendable (@escaping @Sendable () -> Void) -> Void = { body in
        let thread = Thread { body() }
        thread.name = "tieout.sync"
        thread.start()
    }

    private static func open(
        _ company: String, _ request: Workplace.Request, _ environment: Environment
    ) throws -> Workplace {
        var request = request
        request.company = company
        return try Workplace.open(request, environment: environment)
    }

    // MARK: Runs

    /// Starts what is due; to be called every second or so.
    package func tick() {
        let now = environment.now()
        let names = state.withLock { state in
            state.lastTick = now
            return state.isDraining ? [] : state.scheduler.start(at: now)
        }
        for name in names {
            launch { [self] in
                run(name)
                state.withLock { $0.scheduler.ended(name) }
            }
        }
    }

    private func run(_ name: Scheduler.Name) {
        do {
            let workplace = try Self.open(name.company, request, environment)
            environment.log(
                "\(name.company)/\(name.source): \(try workplace.syncUnattended(name.source, surroundings))")
        } catch {
            environment.log("\(name.company)/\(name.source): \(error)")
        }
    }

    /// Starts nothing any more; what runs goes on to the end of its stream.
    package func drain() {
        state.withLock { $0.isDraining = true }
        surroundings.brake.pull()
    }

    /// What still runs ends between two requests, and nothing of its stream lands.
    package func cut() { surroundings.brake.cut() }

    package var isIdle: Bool { state.withLock { $0.scheduler.running.isEmpty } }

    // MARK: What it says

    package func reply(to path: String) -> Reply {
        switch path {
        case "/health": Reply(status: 200, type: "text/plain; charset=utf-8", body: "ok\n")
        case "/ready": ready()
        case "/metrics": metrics()
        default: Reply(status: 404, type: "text/plain; charset=utf-8", body: "see /health, /ready, /metrics\n")
        }
    }

    private func ready() -> Reply {
        var reasons: [String] = []
        let (lastTick, isDraining) = state.withLock { ($0.lastTick, $0.isDraining) }
        if isDraining { reasons.append("it is shutting down") }
        if lastTick.map({ environment.now().milliseconds - $0.milliseconds > Self.tickMax }) ?? true {
            reasons.append("the scheduler does not run")
        }
        for company in companies {
            do {
                let workplace = try Self.open(company, request, environment)
                _ = try workplace.openStore().read { try $0.openExceptions(company: company) }
            } catch {
                // Details belong into the log, not to whoever asks.
                environment.log("\(company): \(error)")
                reasons.append("the books of \(company) cannot be read")
            }
        }
        return Reply(
            status: reasons.isEmpty ? 200 : 503, type: "text/plain; charset=utf-8",
            body: (reasons.isEmpty ? "ready" : reasons.joined(separator: "\n")) + "\n")
    }

    private func metrics() -> Reply {
        var page = MetricsPage()
        let scheduler = state.withLock { $0.scheduler }
        let running = scheduler.running
        for (name, due) in scheduler.due.sorted(by: { $0.name < $1.name }) {
            let labels = [("company", name.company), ("source", name.source)]
            page.add("tieout_source_running", labels, running.contains(name) ? 1 : 0)
            page.add("tieout_source_next_run_seconds", labels, due.milliseconds / 1000)
        }
        for company in companies {
            do {
                try addFigures(of: company, to: &page)
            } catch {
                environment.log("\(company): \(error)")
                page.add("tieout_books_unreadable", [("company", company)], 1)
            }
        }
        return Reply(status: 200, type: "text/plain; version=0.0.4; charset=utf-8", body: page.text)
    }

    private func addFigures(of company: String, to page: inout MetricsPage) throws {
        let workplace = try Self.open(company, request, environment)
        let sources = workplace.books.sources.filter { $0.pull != nil }
        try workplace.openStore().read { session in
            for total in try session.syncTotals(company: company) {
                let labels = [("company", company), ("source", total.source), ("status", total.status)]
                page.add("tieout_sync_runs_total", labels, total.runs)
                page.add("tieout_sync_requests_total", labels, total.requests)
                page.add("tieout_sync_retries_total", labels, total.retries)
                page.add("tieout_sync_records_total", labels, total.records)
                page.add("tieout_sync_bytes_total", labels, total.bytes)
                page.add("tieout_sync_seconds_total", labels, total.milliseconds / 1000)
                page.add("tieout_sync_wait_seconds_total", labels, total.waitedMilliseconds / 1000)
            }
            for source in sources {
                let labels = [("company", company), ("source", source.id)]
                let streams = try session.syncStreams(company: company, source: source.id)
                page.add(
                    "tieout_source_failures", labels,
                    Int64(try session.syncFailures(company: company, source: source.id)))
                page.add(
                    "tieout_source_last_success_seconds", labels,
                    (streams.map(\.succeededAt.milliseconds).min() ?? 0) / 1000)
            }
            for (kind, count) in try session.openExceptions(company: company) {
                page.add("tieout_exceptions_open", [("company", company), ("kind", kind)], count)
            }
        }
    }
}
