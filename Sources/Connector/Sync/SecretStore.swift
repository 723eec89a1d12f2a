// SPDX-License-Identifier: Apache-2.0
import Crypto
import Documents
import Formats
import Foundation
import Mappings
import Store
import Trees

/// Where a source's secrets come from, and how its tokens are kept between runs.
struct SecretStore {
    let source: String
    let company: String
    let pull: Configuration.PullSource
    let variables: [String: String]
    let database: String
    let folder: String

    // MARK: Secrets from outside

    /// The environment variable a secret is looked for in: `TIEOUT_SECRET_EXACT_REFRESH_TOKEN`.
    static func variable(source: String, name: String) -> String {
        let text = "TIEOUT_SECRET_\(source)_\(name)".uppercased()
        return String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// Every secret that the mapping names and that is set.
    func secrets(_ names: [String]) throws -> [String: String] {
        var found: [String: String] = [:]
        for name in names { found[name] = try secret(name) }
        return found
    }

    private func secret(_ name: String) throws -> String? {
        switch pull.secrets[name] {
        case .variable(let variable):
            guard let value = variables[variable] else {
                throw Failure(
                    "SECRET-MISSING", "The environment variable \(variable) with the secret “\(name)” is not set.",
                    hint: "Set it, or correct `secrets:` of the source \(source).")
            }
            return value
        case .file(let path): return try text(of: Workplace.absolute(path, in: folder), name)
        case nil: break
        }
        if let value = variables[Self.variable(source: source, name: name)] { return value }
        // systemd's LoadCredential puts each credential into a file of this folder. Those of a whole folder have the
        // credential's id and `_` in front of their names (systemd.exec, LoadCredential=).
        guard let folder = variables["CREDENTIALS_DIRECTORY"] else { return nil }
        let paths = ["", "tieout_"].map { "\(folder)/\($0)\(source)-\(name)" }
        guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else { return nil }
        return try text(of: path, name)
    }

    private func text(of path: String, _ name: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(
                "SECRET-MISSING", "The file \(path) with the secret “\(name)” cannot be read.",
                hint: "Check the path and its permissions.")
        }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    // MARK: Tokens between runs

    /// The tokens that the last run left, unless the secret they grew from was replaced since.
    func credential(_ session: Session, secrets: [String: String]) throws -> Credential {
        guard let stored = try session.syncCredential(company: company, source: source),
            stored.seed == seed(secrets)
        else { return Credential() }
        guard let key = try key(create: false), let box = try? AES.GCM.SealedBox(combined: Data(stored.sealed)),
            let plain = try? AES.GCM.open(box, using: key, authenticating: Data(place.utf8))
        else {
            throw Failure(
                "CREDENTIAL-SEALED", "The stored tokens of \(source) cannot be opened with this key.",
                hint: "Bring the key file back (\(keyPath)), or authorise again and set the new secret.")
        }
        guard let node = JSONReader.read([UInt8](plain)).node else { return Credential() }
        func time(_ name: String) -> Timestamp? {
            node[name]?.scalar.flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) }
        }
        return Credential(
            refreshToken: node["refresh"]?.scalar, accessToken: node["access"]?.scalar,
            expiresAt: time("expires"), issuedAt: time("issued"))
    }

    /// Seals and stores the tokens; durable when the transaction is.
    func save(
        _ credential: Credential, secrets: [String: String], _ session: Session, at now: Timestamp
    ) throws {
        guard let key = try key(create: true) else { return }
        let node = Node.compact([
            ("refresh", .text(credential.refreshToken)), ("access", .text(credential.accessToken)),
            ("expires", credential.expiresAt.map { .integer($0.milliseconds) } ?? .null),
            ("issued", credential.issuedAt.map { .integer($0.milliseconds) } ?? .null),
        ])
        let box = try AES.GCM.seal(Data(node.json.utf8), using: key, authenticating: Data(place.utf8))
        guard let sealed = box.combined else {
            throw Failure("CREDENTIAL-SEALED", "The tokens of \(source) cannot be sealed.", hint: "Report this.")
        }
        try session.saveSyncCredential(
            company: company, source: source, sealed: [UInt8](sealed), seed: seed(secrets), at: now)
    }

    /// A sealed token cannot be moved to another source.
    private var place: String { "\(company)\u{1F}\(source)" }

    /// Of what a person set: with a new one the old tokens are of no use.
    private func seed(_ secrets: [String: String]) -> String {
        let parts =
            ["refresh_token", "client_id", "client_secret"].map { secrets[$0] ?? "" }
            + ["private_key"].compactMap { secrets[$0] }
        return SHA256.hash(data: Data(parts.joined(separator: "\u{1F}").utf8)).description
    }

    private var keyPath: String { variables["TIEOUT_KEY_FILE"] ?? database + ".key" }

    /// 256 bits in base64, in a file that only its owner reads, never in the database.
    private func key(create: Bool) throws -> SymmetricKey? {
        let manager = FileManager.default
        if !manager.fileExists(atPath: keyPath) {
            guard create else { return nil }
            var generator = SystemRandomNumberGenerator()
            let fresh = Data((0..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
            guard
                manager.createFile(
                    atPath: keyPath, contents: Data(fresh.base64EncodedString().utf8),
                    attributes: [.posixPermissions: 0o600])
            else {
                throw Failure(
                    "KEY-WRITE", "The key file \(keyPath) cannot be written.",
                    hint: "Name another place with TIEOUT_KEY_FILE.")
            }
        }
        let text = String(decoding: manager.contents(atPath: keyPath) ?? Data(), as: UTF8.self)
        guard let data = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)), data.count == 32
        else {
            throw Failure(
                "KEY-FORM", "The key file \(keyPath) does not hold 32 bytes in base64.",
                hint: "Bring the right file back, or remove it and authorise again.")
        }
        return SymmetricKey(data: data)
    }
}
