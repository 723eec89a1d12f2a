// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector
import Serving
import Synchronization

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs on: pulls every source with a schedule when it is due, and says how it is.",
        discussion: """
            A source of tieout.yaml is scheduled by a line such as `schedule: "*/30 6-20 * * MON-FRI"`, in the company's
            time zone, and `jitter_seconds: 120`. One run of a source at a time; what was missed is caught up once.
            /health, /ready and /metrics are answered on this machine only, unless --host says otherwise. SIGTERM and
            SIGINT end it: what runs comes to the end of its stream, and nothing new begins.
            """)

    @OptionGroup var common: VerbOptions
    @Option(help: "Where to listen.") var host = "127.0.0.1"
    @Option(help: "The port; 0 takes a free one.") var port = 8642
    @Option(
        help: ArgumentHelp("How long a run may go on after the signal before it is cut off.", valueName: "seconds"))
    var patience = 20

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port takes a number up to 65535.") }
        guard (0...3600).contains(patience) else { throw ValidationError("--patience takes up to 3600 seconds.") }
    }

    func run() throws {
        var environment = Surroundings.environment ?? .live()
        let stores = OpenStores()
        environment.openStores = stores
        let log = environment.log
        let desk = try ServiceDesk(common.request(), environment: environment, surroundings: .live())
        var listener = Listener(
            host: host, port: port,
            reply: { path in
                let reply = desk.reply(to: String(path.prefix { $0 != "?" }))
                return Listener.Reply(status: reply.status, type: reply.type, body: reply.body)
            },
            beat: {
                desk.tick()
                return true
            })
        listener.drain = {
            log("ending: nothing new is begun")
            desk.drain()
        }
        listener.isIdle = { desk.isIdle }
        listener.cut = { desk.cut() }
        listener.patienceSeconds = patience
        listener.log = log
        let address = host.contains(":") ? "[\(host)]" : host
        try listener.run(opening: "\(host):\(port)", nextTry: "Choose another with --port; 0 takes a free one.") {
            port in
            try? Output.lines(Array("listening on http://\(address):\(port)\n".utf8))
        }
        if desk.isIdle { try stores.close() }
        log("ended")
    }
}

extension Listener {
    /// Runs until the orderly end; a port that cannot be opened is a failure that says what to do.
    func run(opening place: String, nextTry: String, onReady: @escaping @Sendable (Int) -> Void) throws {
        let isOpen = Mutex(false)
        do {
            try run { port in
                isOpen.withLock { $0 = true }
                onReady(port)
            }
        } catch  where !isOpen.withLock({ $0 }) {
            throw Failure("SERVE-PORT", "\(place) cannot be opened (\(error)).", hint: nextTry)
        }
    }
}
