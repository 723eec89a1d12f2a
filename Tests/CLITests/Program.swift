// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// The program under test: the real executable, in a process of its own.
enum Program {
    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    /// `$TIEOUT_BINARY`, else the product beside the test bundle, under the product's or the target's name.
    static let path: String? = {
        let variables = ProcessInfo.processInfo.environment
        if let named = variables["TIEOUT_BINARY"] { return named }
        var folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<4 {
            for name in ["tieout", "CLI"] {
                let candidate = folder.appending(path: name).path
                if FileManager.default.isExecutableFile(atPath: candidate), !isFolder(candidate) { return candidate }
            }
            folder = folder.deletingLastPathComponent()
        }
        return nil
    }()

    /// Starts the program; its output goes to files, so that nothing is lost when it is killed.
    /// - Parameters:
    ///   - folder: the working folder.
    ///   - environment: beside what the test itself runs with.
    static func start(
        _ arguments: [String], in folder: URL, environment: [String: String] = [:], program: String? = nil
    ) throws -> Running {
        guard let binary = program ?? path else {
            throw Missing(
                description: "there is no executable `tieout` beside the test bundle; build the product first")
        }
        let output = FileManager.default.temporaryDirectory.appending(path: "tieout-\(UUID().uuidString)").path
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output + ".out", flags, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, output + ".err", flags, 0o600)
        var variables = ProcessInfo.processInfo.environment
        variables["TIEOUT_DB"] = nil
        variables["TIEOUT_NOW"] = nil
        variables["SWIFT_BACKTRACE"] = "enable=no"
        variables.merge(environment) { _, new in new }
        // `env -C` changes the folder and then becomes the program: the process id stays.
        let strings = ["/usr/bin/env", "-C", folder.path, binary] + arguments
        var argv = unsafe strings.map { unsafe strdup($0) }
        unsafe argv.append(nil)
        var envp = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") }
        unsafe envp.append(nil)
        defer { _ = unsafe (argv + envp).map { unsafe free($0) } }
        var pid: pid_t = 0
        let status = unsafe posix_spawn(&pid, strings[0], &actions, nil, argv, envp)
        guard status == 0 else { throw Missing(description: "\(binary) cannot be started (error \(status))") }
        return Running(pid: pid, output: output)
    }

    static func run(
        _ arguments: [String], in folder: URL, environment: [String: String] = [:], program: String? = nil
    ) throws -> Ended {
        try start(arguments, in: folder, environment: environment, program: program).wait()
    }

    private static func isFolder(_ path: String) -> Bool {
        var folder: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &folder) && folder.boolValue
    }
}

/// A process that was started and not waited for.
struct Running {
    let pid: pid_t
    fileprivate let output: String

    func send(_ signal: Int32) { _ = kill(pid, signal) }

    /// Stops it where it is and returns when it stands still; false when it had ended by itself.
    func freeze() -> Bool {
        send(SIGSTOP)
        var info = unsafe siginfo_t()
        // WNOWAIT leaves the status for `wait`.
        let found = unsafe waitid(P_PID, id_t(pid), &info, Int32(WSTOPPED) | Int32(WEXITED) | Int32(WNOWAIT))
        guard found == 0 else { return false }
        return unsafe info.si_code == Int32(CLD_STOPPED)
    }

    /// What is made of its output on both streams so far, as soon as something can be; nil when it ends before.
    /// - Parameter seconds: after which it is given up.
    func said<T>(within seconds: Double = 60, _ find: (_ out: String, _ err: String) -> T?) -> T? {
        let end = Kill.now + seconds
        while Kill.now < end {
            if let found = find(Self.text(output + ".out"), Self.text(output + ".err")) { return found }
            var info = unsafe siginfo_t()
            let flags = Int32(WEXITED) | Int32(WNOHANG) | Int32(WNOWAIT)
            if unsafe waitid(P_PID, id_t(pid), &info, flags) == 0, unsafe info.si_signo == SIGCHLD { return nil }
            usleep(2000)
        }
        return nil
    }

    func wait() -> Ended {
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        let ended = Ended(
            status: signal == 0 ? (status >> 8) & 0xFF : nil, signal: signal == 0 ? nil : signal,
            out: Self.text(output + ".out"), err: Self.text(output + ".err"))
        for suffix in [".out", ".err"] { try? FileManager.default.removeItem(atPath: output + suffix) }
        return ended
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}

/// How a process ended and what it said.
struct Ended: Sendable {
    /// Nil when a signal ended it.
    var status: Int32?
    var signal: Int32?
    var out: String
    var err: String

    var lines: [Substring] { out.split(separator: "\n") }

    /// For a failure's message: the last words on both streams.
    var words: String {
        "status \(status.map(String.init) ?? "signal \(signal ?? 0)")\n\(out.suffix(1500))\n\(err.suffix(1500))"
    }
}
