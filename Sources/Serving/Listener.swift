// SPDX-License-Identifier: Apache-2.0
import Dispatch
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import UnixSignals

/// A process that answers over HTTP, whose heart beats, and which ends in an orderly way on SIGTERM or SIGINT.
///
/// What it answers and what a beat does are its caller's; both may block, so both run off the threads of the server.
package struct Listener: Sendable {
    package struct Reply: Sendable {
        package var status: Int
        package var type: String
        package var body: String

        package init(status: Int, type: String = "text/plain; charset=utf-8", body: String) {
            self.status = status
            self.type = type
            self.body = body
        }
    }

    package var host: String
    /// 0 takes a free one.
    package var port: Int
    /// The answer to a GET of a path with its query.
    package var reply: @Sendable (String) -> Reply
    /// Called again and again; false ends the process in the same orderly way as a signal.
    package var beat: @Sendable () -> Bool
    package var beatMilliseconds = 1000
    /// Called once when the end has begun; afterwards nothing new may be started.
    package var drain: @Sendable () -> Void = {}
    package var isIdle: @Sendable () -> Bool = { true }
    /// How long what still runs may go on after that, before it is cut off.
    package var patienceSeconds = 20
    /// Ends what still runs, where it is safe to end.
    package var cut: @Sendable () -> Void = {}
    /// Remarks of the server, one line each.
    package var log: @Sendable (String) -> Void = { _ in }

    /// After the cut. Seconds.
    private static let lastPatienceSeconds = 5
    /// A client that says nothing for so long is sent away. Seconds.
    private static let idleSeconds: Int64 = 30
    private static let connectionsMax = 64

    package init(
        host: String, port: Int, reply: @escaping @Sendable (String) -> Reply, beat: @escaping @Sendable () -> Bool
    ) {
        self.host = host
        self.port = port
        self.reply = reply
        self.beat = beat
    }

    /// Blocks its thread until the orderly end. The server runs apart from the cooperative pool: whoever keeps that
    /// waiting does not keep it from answering.
    /// - Parameter onReady: is told the port, once it is open.
    package func run(onReady: @escaping @Sendable (Int) -> Void) throws {
        let done = DispatchSemaphore(value: 0)
        let outcome = Mutex<Result<Void, any Error>>(.success(()))
        Task(executorPreference: OwnThreads()) {
            do {
                try await serve(onReady)
            } catch {
                outcome.withLock { $0 = .failure(error) }
            }
            done.signal()
        }
        done.wait()
        try outcome.withLock { $0 }.get()
    }

    private func serve(_ onReady: @escaping @Sendable (Int) -> Void) async throws {
        let logger = Logger(label: "tieout", factory: { _ in LineLog(write: log) })
        let queue = DispatchQueue(label: "tieout.serve", attributes: .concurrent)
        let router = Router()
        let answer: @Sendable (Request, BasicRequestContext) async throws -> Response = { request, _ in
            let path = request.uri.description
            let answer = await queue.answer { reply(path) }
            return Response(
                status: HTTPResponse.Status(code: answer.status),
                headers: [.contentType: answer.type, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
        }
        // `**` is every path but the empty one.
        router.get("/", use: answer)
        router.get("**", use: answer)
        let server = Application(
            router: router,
            server: .http1(configuration: .init(idleTimeout: .seconds(Self.idleSeconds))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionsMax, logger: logger)),
            onServerRunning: { channel in onReady(channel.localAddress?.port ?? port) }, logger: logger)
        try await probe()
        // They are ended in the reverse order: while what still runs comes to its end, /ready says so.
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: server),
                .init(
                    service: Heart(listener: self, queue: queue),
                    successTerminationBehavior: .gracefullyShutdownGroup),
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = Duration.seconds(patienceSeconds + Self.lastPatienceSeconds + 5)
        try await ServiceGroup(configuration: configuration).run()
    }

    /// A port that is taken is found before the group starts: one of its services that fails while the others begin can
    /// leave the group waiting for ever (the merged signals are cancelled while they are set up).
    private func probe() async throws {
        guard port != 0 else { return }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .bind(host: host, port: port).get()
        try await channel.close()
    }

    /// Beats until the end begins, and then waits for what still runs.
    private struct Heart: Service {
        let listener: Listener
        let queue: DispatchQueue

        func run() async throws {
            try? await cancelWhenGracefulShutdown {
                while await queue.answer({ listener.beat() }) {
                    try await Task.sleep(for: .milliseconds(listener.beatMilliseconds))
                }
            }
            listener.drain()
            await wait(seconds: listener.patienceSeconds)
            guard !listener.isIdle() else { return }
            listener.cut()
            await wait(seconds: Listener.lastPatienceSeconds)
        }

        private func wait(seconds: Int) async {
            for _ in 0..<(seconds * 20) where !listener.isIdle() {
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
    }
}

/// Hands what the server's libraries have to say to whoever keeps the log.
private struct LineLog: LogHandler {
    let write: @Sendable (String) -> Void
    var logLevel = Logger.Level.error
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(write: @escaping @Sendable (String) -> Void) { self.write = write }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { write("\(event.level): \(event.message)") }
}

extension DispatchQueue {
    /// What a blocking function returns, without blocking the caller's thread.
    fileprivate func answer<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in async { continuation.resume(returning: body()) } }
    }
}
