// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector
import FoundationEssentials
import Mappings
import Serving
import Synchronization

struct AuthoriseSource: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authorise",
        abstract: "Lets a person allow a source in a browser; its tokens are stored sealed.",
        discussion: """
            Prints an address to open, and waits on this machine for the browser to come back. With --paste nothing is \
            waited for: copy what then stands in the browser's address bar and paste it here. The redirect address is \
            to be registered with the system; port 0 takes a free one, for systems that let the port be any.
            """)

    @OptionGroup var common: VerbOptions
    @OptionGroup var permission: PermissionOptions
    @Argument(help: "The source.") var source: String

    func run() throws {
        let answer = try permission.obtain(for: source, try common.open())
        Output.answer(answer, json: common.json)
        if answer.failed { throw ExitCode.failure }
    }
}

/// How the browser of the person who allows it comes back.
struct PermissionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The redirect address that the system knows for this client.", valueName: "url"))
    var redirect = "http://127.0.0.1:8423/"
    @Option(help: ArgumentHelp("How long to wait for the browser.", valueName: "seconds"))
    var wait = 300
    @Flag(help: "Paste the address that the browser came to instead of waiting for it.") var paste = false

    func validate() throws {
        guard let url = URL(string: redirect), let host = url.host(), !redirect.contains("?"), !redirect.contains("#")
        else { throw ValidationError("--redirect takes an address such as http://127.0.0.1:8423/.") }
        guard (1...3600).contains(wait) else { throw ValidationError("--wait takes 1 to 3600 seconds.") }
        guard !paste else { return }
        // RFC 8252, 7.3: without TLS, because it never leaves this machine.
        guard url.scheme == "http", ["127.0.0.1", "localhost"].contains(host), url.port != nil else {
            throw ValidationError(
                "Only http://127.0.0.1:PORT/ and http://localhost:PORT/ can be waited for: add --paste.")
        }
    }

    func obtain(for source: String, _ workplace: Workplace) throws -> Answer {
        let surroundings = SyncSurroundings.live()
        let tell = workplace.environment.log
        guard !paste else {
            let begun = try workplace.beginAuthorising(source, redirect: redirect, surroundings)
            tell("Open this address and allow it:\n\(begun.url)\nThen paste the address that the browser came to:")
            let line = readLine() ?? ""
            let query = line.split(separator: "?", maxSplits: 1).last.map(String.init) ?? ""
            return try workplace.finishAuthorising(source, begun.permission, query: query, surroundings)
        }
        let wait = Wait(redirect: redirect)
        var listener = Listener(
            host: "127.0.0.1", port: URL(string: redirect)?.port ?? 0, reply: { wait.reply(to: $0) },
            beat: { wait.beat(of: Self.beatMilliseconds, upTo: self.wait) })
        listener.beatMilliseconds = Self.beatMilliseconds
        try listener.run(
            opening: "127.0.0.1:\(listener.port)", nextTry: "End what uses it, or take the answer by hand with --paste."
        ) { port in
            wait.begin {
                let begun = try workplace.beginAuthorising(source, redirect: wait.redirect(port: port), surroundings)
                tell("Open this address and allow it:\n\(begun.url)")
                return begun.permission
            }
        }
        let (permission, query) = try wait.outcome()
        return try workplace.finishAuthorising(source, permission, query: query, surroundings)
    }

    private static let beatMilliseconds = 200
}

/// The wait for a browser: ends when it brings what was asked for, when asking failed, or when the time is over.
private final class Wait: Sendable {
    private struct State {
        var permission: Result<Workplace.Permission, any Error>?
        var query: String?
        var waited = 0
    }

    private let redirect: String
    private let path: String
    private let state = Mutex(State())

    init(redirect: String) {
        self.redirect = redirect
        let path = URL(string: redirect)?.path() ?? ""
        self.path = path.isEmpty ? "/" : path
    }

    /// The redirect address with the port that was opened.
    func redirect(port: Int) -> String { redirect.replacing(":0", with: ":\(port)", maxReplacements: 1) }

    func begin(_ body: () throws -> Workplace.Permission) {
        let permission = Result(catching: body)
        state.withLock { $0.permission = permission }
    }

    func beat(of milliseconds: Int, upTo seconds: Int) -> Bool {
        state.withLock { state in
            state.waited += milliseconds
            if case .failure? = state.permission { return false }
            return state.query == nil && state.waited <= seconds * 1000
        }
    }

    /// What is not ours is turned away, and the wait goes on: any page in the browser can send it here.
    func reply(to target: String) -> Listener.Reply {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == path else { return Listener.Reply(status: 404, body: "nothing is here\n") }
        return state.withLock { state in
            guard case .success(let permission)? = state.permission,
                parts[1].split(separator: "&").contains("state=\(permission.state)")
            else { return Listener.Reply(status: 400, body: "this is not the answer that is waited for\n") }
            state.query = state.query ?? String(parts[1])
            return Listener.Reply(status: 200, body: "Thank you. Close this page and go back to the terminal.\n")
        }
    }

    func outcome() throws -> (Workplace.Permission, query: String) {
        let state = state.withLock { $0 }
        guard let permission = try state.permission?.get(), let query = state.query else {
            throw Failure(
                "AUTHORISE-WAIT", "The browser did not come back.",
                hint:
                    "Run the command again and allow it in time; where the browser is on another machine, add --paste.")
        }
        return (permission, query)
    }
}
