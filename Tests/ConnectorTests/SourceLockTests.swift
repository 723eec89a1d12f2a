// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Mappings
import Remote
import Synchronization
import Testing
import TieoutTesting
import Trees

/// Two processes at one source: each has its turn, and what the first did the second knows.
@Suite("One process at a source at a time")
struct SourceLockTests {
    /// Runs a second act while the first waits for an answer, and sees whether it can end before the first does.
    private final class Intruder: Sendable {
        private let ended = DispatchSemaphore(value: 0)
        private let hasStarted = Mutex(false)
        private let act: @Sendable () throws -> Void
        let outcome = Mutex<Result<Void, any Error>?>(nil)
        let wasEarly = Mutex(false)

        init(_ act: @escaping @Sendable () throws -> Void) { self.act = act }

        func intrude() {
            let isFirst = hasStarted.withLock { started in
                defer { started = true }
                return !started
            }
            guard isFirst else { return }
            let thread = Thread { [self] in
                let result = Result { try act() }
                outcome.withLock { $0 = result }
                ended.signal()
            }
            thread.start()
            // Nothing lets it go on until the one that asks here has ended.
            let isEarly = ended.wait(timeout: .now() + 0.4) == .success
            if isEarly { ended.signal() }
            wasEarly.withLock { $0 = isEarly }
        }

        /// After the first one has ended.
        func finish() throws {
            ended.wait()
            try outcome.withLock { try $0?.get() }
        }
    }

    private func surroundings(
        _ scene: SyncScene, _ variables: [String: String] = SyncScene.secrets, at mark: String, _ intruder: Intruder
    ) -> SyncSurroundings {
        SyncSurroundings(
            exchange: { _ in
                { request in
                    if "\(request.method) \(request.url)".contains(mark) { intruder.intrude() }
                    return try scene.answer(request)
                }
            }, sleep: { _ in }, variables: variables)
    }

    @Test func `What two processes are to send is written once`() throws {
        let scene = try SyncScene.posting()
        let bank = try scene.folder.write(
            """
            id,amount,currency,booked_on,account,remittance
            K-1,20.00,EUR,2026-08-10,NL91ABNA0417164300,bill 2026-2

            """, to: "bank.csv")
        #expect(try !scene.workplace().importFiles([bank], Workplace.ImportOptions()).anyRefused)
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        _ = try scene.workplace().proposePosts("shop", actor: "anna")
        _ = try scene.workplace().approvePosts(1, actor: "bert", reason: "seen")
        let intruder = Intruder { _ = try scene.workplace().runPosts("shop", scene.surroundings()) }
        let answer = try scene.workplace().runPosts("shop", surroundings(scene, at: "POST", intruder))
        try intruder.finish()
        #expect(intruder.wasEarly.withLock { !$0 })
        #expect(answer.json["orders"]?[0]?["state"]?.scalar == "done", "\(answer.text)")
        #expect(scene.state.withLock { $0.receipts.count } == 1)
        #expect(scene.state.withLock { state in state.requests.filter { $0.hasSuffix("/payments") }.count } == 1)
    }

    @Test func `A permission that comes while a run goes on is stored after it, and stays`() throws {
        let scene = try SyncScene()
        scene.add(3)
        let (_, permission) = try scene.workplace().beginAuthorising(
            "shop", redirect: "http://localhost:8765/", scene.surroundings())
        let intruder = Intruder {
            _ = try scene.workplace().finishAuthorising(
                "shop", permission, query: "code=allowed&state=\(permission.state)", scene.surroundings())
        }
        let answer = try scene.workplace().sync(
            Workplace.SyncOptions(), surroundings(scene, at: "/token", intruder))
        try intruder.finish()
        #expect(intruder.wasEarly.withLock { !$0 })
        #expect(!answer.failed, "\(answer.text)")
        // The tokens that are stored are the last ones that the system gave.
        scene.now = scene.now + 3_600_000
        #expect(try !scene.sync().failed)
        #expect(try scene.openAmounts() == scene.truth)
    }
}
