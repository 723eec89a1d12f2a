// SPDX-License-Identifier: Apache-2.0
import Connector
import Crypto
import CryptoExtras
import Documents
import Foundation
import Mappings
import Synchronization
import Testing
import TieoutTesting
import Trees

struct TokenSigningTests {
    /// The input and the signature of RFC 7515, A.2, whose key `ReplayServer.privateKey` is.
    private static let input =
        "eyJhbGciOiJSUzI1NiJ9."
        + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    private static let signature = """
        cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9\
        uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB\
        _eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rq\
        Vt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw
        """

    private func urlSafe(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    @Test func `RS256 gives the signature of RFC 7515`() throws {
        let made = try #require(TokenSigner.live.sign(Array(Self.input.utf8), .rs256, ReplayServer.privateKey))
        #expect(urlSafe(made) == Self.signature)
    }

    @Test func `PS256 and ES256 give signatures that their public keys know`() throws {
        let bytes = Array(Self.input.utf8)
        let probabilistic = try #require(TokenSigner.live.sign(bytes, .ps256, ReplayServer.privateKey))
        let key = try _RSA.Signing.PrivateKey(pemRepresentation: ReplayServer.privateKey).publicKey
        #expect(key.isValidSignature(.init(rawRepresentation: probabilistic), for: bytes, padding: .PSS))
        #expect(!key.isValidSignature(.init(rawRepresentation: probabilistic), for: bytes + [0], padding: .PSS))

        let curve = P256.Signing.PrivateKey()
        let short = try #require(TokenSigner.live.sign(bytes, .es256, curve.pemRepresentation))
        // RFC 7518, 3.4: both numbers one after the other, not DER.
        #expect(short.count == 64)
        #expect(try curve.publicKey.isValidSignature(.init(rawRepresentation: short), for: bytes))
    }

    @Test(arguments: ["", "no key", ReplayServer.certificate])
    func `What is no key for the algorithm signs nothing`(_ key: String) {
        for algorithm in TokenSigner.Algorithm.allCases {
            #expect(TokenSigner.live.sign([1], algorithm, key) == nil)
        }
        #expect(TokenSigner.live.sign([1], .rs256, P256.Signing.PrivateKey().pemRepresentation) == nil)
    }

    @Test func `A certificate's thumbprint is that of its DER`() throws {
        let print = try #require(TokenSigner.live.thumbprint("Bag Attributes\n" + ReplayServer.certificate))
        #expect(urlSafe(print) == "1TEL6r3pKysDiTR--_2WlfKl4V3Vzz_8UI469Y3s0UU")
        #expect(TokenSigner.live.thumbprint(ReplayServer.privateKey) == nil)
    }

    @Test(arguments: [("salesforce", ", auth: jwt"), ("business-central", ", auth: certificate")])
    func `A system that is asked with a signed token is read, and its key is never sent or shown`(
        _ system: String, _ options: String
    ) throws {
        guard let scene = try SystemScene(system, options: options) else { return }
        try scene.open(12)
        let answer = try scene.sync()
        #expect(!answer.failed, "\(answer.text)")
        #expect(try scene.listed() == scene.truth)
        let seen = try scene.server.seen()
        #expect(seen.wrong == [] && seen.tokens == 1, "\(seen)")
        // A token that dies between pages is fetched again with a new statement: the server takes none twice.
        try scene.change { bills, now in bills[0].changed = now }
        try scene.order { $0.trouble = [1: "expire"] }
        #expect(try !scene.sync().failed)
        let after = try scene.server.seen()
        #expect(after.wrong == [] && after.tokens >= 2, "\(after)")
    }

    /// What may be wrong with a statement that is signed and well formed.
    enum Doubt: String, CaseIterable, Sendable { case audience, user, late, early, key }

    static let refusals: [(String, Doubt, String)] = [
        ("salesforce", .audience, "audience is invalid"), ("salesforce", .user, "user hasn't approved this consumer"),
        ("salesforce", .late, "expired authorization code"), ("salesforce", .early, "expired authorization code"),
        ("salesforce", .key, "invalid assertion"), ("business-central", .late, "AADSTS700024"),
        ("business-central", .early, "AADSTS700024"), ("business-central", .key, "AADSTS700027"),
    ]

    @Test(arguments: refusals)
    func `A statement that is not accepted ends the run in the system's words, is not sent again, and shows no key`(
        _ system: String, _ doubt: Doubt, _ words: String
    ) throws {
        let way = system == "salesforce" ? "jwt" : "certificate"
        guard let scene = try SystemScene(system, options: ", auth: \(way)") else { return }
        try scene.open(3)
        var surroundings = scene.surroundings
        let clock = scene.state.withLock { $0.now.milliseconds }
        switch doubt {
        case .audience, .user:
            let path = scene.folder.path("tieout.yaml")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let changed =
                doubt == .user
                ? text.replacingOccurrences(of: "sync@acme.example", with: "other@acme.example")
                : text.replacingOccurrences(
                    of: "audience: '\(scene.server.origin)'", with: "audience: 'https://test.example'")
            #expect(changed != text)
            _ = try scene.folder.write(changed, to: "tieout.yaml")
            try scene.order { $0.now = clock }
        // Its clock goes before ours or after it, by more than what a statement is good for.
        case .late: try scene.order { $0.now = clock + 900_000 }
        case .early: try scene.order { $0.now = clock - 900_000 }
        case .key:
            let other = try _RSA.Signing.PrivateKey(keySize: .bits2048).pemRepresentation
            surroundings.variables["TIEOUT_SECRET_BOOK_PRIVATE_KEY"] = other
            try scene.order { $0.now = clock }
        }
        let answer = try scene.workplace().sync(Workplace.SyncOptions(), surroundings)
        #expect(answer.failed && answer.fault == "PULL-AUTH" && answer.text.contains(words), "\(answer.text)")
        let seen = try scene.server.seen()
        #expect(seen.statements == 1 && seen.tokens == 0 && seen.asked == [], "\(seen)")
        let key = surroundings.variables["TIEOUT_SECRET_BOOK_PRIVATE_KEY"] ?? ""
        let shown = answer.text + answer.json.json
        for line in key.split(separator: "\n").dropFirst().prefix(3) { #expect(!shown.contains(line)) }
        #expect(!shown.contains("eyJ"), "a statement is shown: \(shown)")
        #expect(try scene.listed() == [:])
    }

    @Test func `A statement lives shorter than what the system allows, and a token without an end is renewed`() throws {
        // Salesforce takes nothing that is good for more than three minutes, and clocks differ.
        guard let scene = try SystemScene("salesforce", options: ", auth: jwt") else { return }
        try scene.open(3)
        for skew: Int64 in [-45_000, 0, 45_000] {
            let clock = scene.state.withLock { $0.now.milliseconds }
            try scene.order { $0.now = clock + skew }
            let answer = try scene.workplace().sync(Workplace.SyncOptions(), scene.surroundings)
            #expect(!answer.failed, "\(skew): \(answer.text)")
            // The token of the last run is old by now.
            scene.state.withLock { $0.now = $0.now + 3 * 3_600_000 }
        }
        #expect(try scene.server.seen().wrong == [])
    }

    @Test func `A way that the mapping does not have, and a key that is not set, are said with what to do`() throws {
        guard let scene = try SystemScene("salesforce", options: ", auth: kerberos") else { return }
        let failure = #expect(throws: Failure.self) { try scene.sync() }
        #expect(failure?.code == "AUTH-UNKNOWN" && failure?.hint == "Known: jwt.")
        guard let bare = try SystemScene("business-central", options: ", auth: certificate") else { return }
        try bare.open(1)
        var surroundings = bare.surroundings
        surroundings.variables["TIEOUT_SECRET_BOOK_PRIVATE_KEY"] = nil
        let answer = try bare.workplace().sync(Workplace.SyncOptions(), surroundings)
        #expect(answer.failed && answer.text.contains("$(secret.private_key) is not set"), "\(answer.text)")
    }
}
