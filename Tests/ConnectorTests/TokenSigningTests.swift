// SPDX-License-Identifier: Apache-2.0
import Connector
import Crypto
import CryptoExtras
import Foundation
import Mappings
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
