// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

/// Signs what a client says of itself; whoever drives a pull has the cryptography.
package struct TokenSigner: Sendable {
    /// RFC 7518, 3.1.
    package enum Algorithm: String, Sendable, CaseIterable {
        case rs256 = "RS256"
        case ps256 = "PS256"
        case es256 = "ES256"
    }

    /// The signature of some bytes with a private key in PEM; nil when that is no key for the algorithm.
    package var sign: @Sendable (_ bytes: [UInt8], _ algorithm: Algorithm, _ key: String) -> [UInt8]?
    /// SHA-256 of a certificate in PEM, of its first one; nil when there is none.
    package var thumbprint: @Sendable (_ certificate: String) -> [UInt8]?

    package init(
        sign: @escaping @Sendable (_ bytes: [UInt8], _ algorithm: Algorithm, _ key: String) -> [UInt8]?,
        thumbprint: @escaping @Sendable (_ certificate: String) -> [UInt8]?
    ) {
        self.sign = sign
        self.thumbprint = thumbprint
    }
}

/// A JWT that proves who asks, instead of a secret that is sent: RFC 7523, in the compact form of RFC 7515.
struct AssertionRules: Sendable {
    var algorithm = TokenSigner.Algorithm.rs256
    var key: RequestText
    /// Its thumbprint goes into the header as `x5t#S256`; nil: none does.
    var certificate: RequestText?
    var issuer: RequestText
    var subject: RequestText
    var audience: RequestText
    /// Milliseconds.
    var lifetime: Int64 = 180_000
    /// A clock may go behind ours by so much, in seconds, and still take it.
    static let leeway: Int64 = 60
    /// Further claims, and further fields of the header such as `kid`.
    var claims: [(name: String, text: RequestText)] = []
    var header: [(name: String, text: RequestText)] = []

    var names: [String] {
        let texts = [key, issuer, subject, audience] + (certificate.map { [$0] } ?? [])
        return (texts + claims.map(\.text) + header.map(\.text)).flatMap(\.names)
    }

    /// The signed text.
    /// - Parameter seed: chance, so that no two have the same id.
    func text(
        _ values: RequestValues, seed: UInt64, signer: TokenSigner?, at now: Timestamp
    ) -> Result<String, RequestProblem> {
        do {
            return .success(try signed(values, seed: seed, signer: signer, at: now))
        } catch {
            return .failure(error)
        }
    }

    private func signed(
        _ values: RequestValues, seed: UInt64, signer: TokenSigner?, at now: Timestamp
    ) throws(RequestProblem) -> String {
        guard let signer else { throw RequestProblem("nothing here can sign a token") }
        var head: [(String, Node)] = [("alg", .text(algorithm.rawValue)), ("typ", .text("JWT"))]
        for field in header { head.append((field.name, .text(try filled(field.text, "`\(field.name)`", values)))) }
        if let certificate {
            guard let print = signer.thumbprint(try filled(certificate, "certificate", values)) else {
                throw RequestProblem("the certificate is none in PEM")
            }
            head.append(("x5t#S256", .text(Base64Text.urlSafe(print))))
        }
        let seconds = now.milliseconds / 1000
        var body: [(String, Node)] = [
            ("iss", .text(try filled(issuer, "issuer", values))),
            ("sub", .text(try filled(subject, "subject", values))),
            ("aud", .text(try filled(audience, "audience", values))), ("iat", Node(.number(String(seconds)))),
            ("nbf", Node(.number(String(seconds - Self.leeway)))),
            ("exp", Node(.number(String(seconds + lifetime / 1000)))),
            ("jti", .text(String(seed, radix: 16) + "-" + String(now.milliseconds, radix: 16))),
        ]
        for claim in claims { body.append((claim.name, .text(try filled(claim.text, "`\(claim.name)`", values)))) }
        let input = [head, body].map { Base64Text.urlSafe(Array(Node.object($0).json.utf8)) }.joined(separator: ".")
        let key = try filled(key, "private key", values)
        guard let signature = signer.sign(Array(input.utf8), algorithm, key) else {
            throw RequestProblem("the private key is no PEM of a key for \(algorithm.rawValue)")
        }
        return input + "." + Base64Text.urlSafe(signature)
    }

    private func filled(
        _ text: RequestText, _ what: String, _ values: RequestValues
    ) throws(RequestProblem) -> String {
        if let value = text.filled(values), !value.isEmpty { return value }
        let names = text.names.map { "$(\($0))" }.joined(separator: ", ")
        throw RequestProblem("the token's \(what) is empty: \(names) is not set")
    }
}

extension OAuthRules {
    /// How the client proves itself in a call for tokens.
    enum ClientProof: Sendable {
        /// Id and secret in the form, or in the Authorization header.
        case form, header
        case assertion(AssertionRules)
        /// Nothing of its own: the grant says it all.
        case none
    }

    /// The form's fields and the headers of that proof.
    func proof(
        _ values: RequestValues, _ setting: PullSetting, at now: Timestamp
    ) -> Result<(form: [(String, String)], headers: [(name: String, value: String)]), RequestProblem> {
        let id = values.secrets["client_id"]
        let secret = values.secrets["client_secret"]
        switch client {
        case .none: return .success((form: [], headers: []))
        case .form, .header:
            guard let id, let secret else {
                return .failure(RequestProblem("the secrets client_id and client_secret are not set"))
            }
            guard case .header = client else {
                return .success((form: [("client_id", id), ("client_secret", secret)], headers: []))
            }
            // RFC 6749, 2.3.1: both are form-encoded before they are joined.
            let pair = RequestText.percentEncoded(id) + ":" + RequestText.percentEncoded(secret)
            return .success((form: [], headers: [(name: "Authorization", value: "Basic " + Base64Text.encoded(pair))]))
        case .assertion(let rules):
            guard let id else { return .failure(RequestProblem("the secret client_id is not set")) }
            return rules.text(values, seed: setting.seed, signer: setting.signer, at: now).map { token in
                (
                    form: [
                        ("client_id", id), ("client_assertion", token),
                        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                    ], headers: []
                )
            }
        }
    }
}
