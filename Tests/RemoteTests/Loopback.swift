// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TieoutTesting

/// A web server of Python's standard library on this machine, told what to do by the path it is asked for.
final class Loopback: Sendable {
    let port: Int
    private let process: Process
    /// The server ends with it.
    private let input = Pipe()
    private let folder: ScratchFolder

    /// Nil, after printing why, where there is no Python.
    /// - Parameters:
    ///   - script: in Tests/Fixtures/Remote.
    ///   - words: more of its arguments.
    init?(
        _ script: String = "loopback", certificate: Bool = false, _ words: [String] = [],
        skipping test: String = #function
    ) throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") else {
            print("skipped: \(test): python3 is not installed")
            return nil
        }
        folder = try ScratchFolder("loopback")
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments =
            [Repository.fixture("Remote/\(script).py").path] + (certificate ? [folder.url.path] : []) + words
        let pipe = Pipe()
        process.standardInput = input
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            print("skipped: \(test): the server did not start (is openssl installed?)")
            return nil
        }
        self.port = port
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    var certificateFile: String { folder.path("cert.pem") }

    func url(_ path: String, host: String = "127.0.0.1", scheme: String = "http") -> String {
        "\(scheme)://\(host):\(port)\(path)"
    }
}
