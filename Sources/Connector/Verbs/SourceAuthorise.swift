// SPDX-License-Identifier: Apache-2.0
import Crypto
import Documents
import Formats
import Foundation
package import Mappings
import Remote
import Store
import Trees

/// `tieout source authorise`: a person allows a source in a browser, and its tokens are stored sealed.
extension Workplace {
    package typealias Permission = Service.Permission

    /// - Parameter redirect: where the browser comes back to, on this machine.
    /// - Returns: What is to be opened, and what the answer is judged by.
    package func beginAuthorising(
        _ source: String, redirect: String, _ surroundings: SyncSurroundings
    ) throws -> (url: String, permission: Service.Permission) {
        let sync = try sourceToAuthorise(source, surroundings)
        var generator = SystemRandomNumberGenerator()
        func random() -> String { Self.urlSafe((0..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) }) }
        let verifier = random()
        let permission = Service.Permission(
            redirect: redirect, state: random(), verifier: verifier,
            challenge: Self.urlSafe(Array(SHA256.hash(data: Data(verifier.utf8)))))
        guard let url = sync.service.permissionURL(permission, setting: try sync.access().setting) else {
            throw Failure(
                "AUTHORISE-UNABLE",
                "The source \(source) cannot be authorised here: its mapping names no `authorize_url:`, "
                    + "or the secret client_id is not set.",
                hint: "Set \(SecretStore.variable(source: source, name: "client_id")), or get a refresh token in the "
                    + "system itself and set \(SecretStore.variable(source: source, name: "refresh_token")).")
        }
        return (url, permission)
    }

    /// - Parameter query: what the browser brought back: `code=…&state=…`.
    package func finishAuthorising(
        _ source: String, _ permission: Service.Permission, query: String, _ surroundings: SyncSurroundings
    ) throws -> Answer {
        let fields = Self.fields(query)
        guard fields["state"] == permission.state, let code = fields["code"] else {
            throw Failure(
                "AUTHORISE-DENIED",
                "The system did not give its permission\(fields["error"].map { ": \($0)" } ?? "").",
                hint: "Run the command again and allow it in the browser that it opens.")
        }
        let sync = try sourceToAuthorise(source, surroundings)
        // A run that goes on meanwhile would store the tokens of before over the new ones.
        try SourceLock(database: database, source: "\(company.id)-\(source)").hold(patienceSeconds: 60) {
            try exchange(code, permission, of: source, sync)
        }
        let authorised = Answer(
            json: .object([("source", .text(source)), ("authorised", .bool(true))]),
            text: "\(source) is authorised; its tokens are stored sealed.")
        return authorised.followed(by: try trySource(source, surroundings), under: "trial")
    }

    /// The code becomes tokens, which are stored.
    private func exchange(
        _ code: String, _ permission: Service.Permission, of source: String, _ sync: SourceSync
    ) throws {
        let access = try sync.access()
        guard let request = sync.service.codeRequest(code, permission, setting: access.setting, at: environment.now())
        else {
            throw Failure(
                "SECRET-MISSING", "The secrets client_id and client_secret of \(source) are not set.",
                hint: "Set \(SecretStore.variable(source: source, name: "client_secret")).")
        }
        let response = try access.exchange(
            HTTPRequest(method: request.method, url: request.url.text, headers: request.headers, body: request.body))
        let answer = PullAnswer(response, as: .json)
        guard let credential = sync.service.credential(from: answer, at: environment.now()) else {
            throw Failure(
                "AUTHORISE-DENIED",
                "The system gave no token for the code (status \(response.status)).",
                hint: "Check the client's id and secret, and that \(permission.redirect) is among its redirects.")
        }
        try access.keep(credential)
    }

    /// Which secrets of a source are to be set where, and what comes then; nil where all of them are found.
    package func secretsToSet(_ source: String, _ surroundings: SyncSurroundings) throws -> String? {
        let sync = try sourceToAuthorise(source, surroundings)
        let found = try sync.access().setting.secrets
        let variables = sync.service.secretsOfPerson.filter { found[$0] == nil }
            .map { SecretStore.variable(source: source, name: $0) }
        guard !variables.isEmpty else { return nil }
        return "Set \(variables.joined(separator: " and ")), then: \(sync.service.nextStep(of: source))"
    }

    package func isAuthorisedByPerson(_ source: String, _ surroundings: SyncSurroundings) throws -> Bool {
        try sourceToAuthorise(source, surroundings).service.isAuthorisedByPerson
    }

    /// What the first ten records of each stream would land as; nothing lands.
    package func trySource(_ source: String, _ surroundings: SyncSurroundings) throws -> Answer {
        var options = SyncOptions()
        options.sources = [source]
        options.dryRun = true
        options.samples = 10
        return try sync(options, surroundings)
    }

    private func sourceToAuthorise(_ id: String, _ surroundings: SyncSurroundings) throws -> SourceSync {
        guard let source = books.sources.first(where: { $0.id == id }), let pull = source.pull else {
            throw Failure(
                "SOURCE-UNKNOWN", "There is no source “\(id)” that is pulled.", hint: "See `tieout source list`.")
        }
        return SourceSync(
            workplace: self, source: source, pull: pull, service: try findService(of: pull),
            options: SyncOptions(), surroundings: surroundings, store: try openStore(creates: true))
    }

    /// RFC 4648, 5, without padding.
    private static func urlSafe(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString().map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }.filter { $0 != "=" })
    }

    private static func fields(_ query: String) -> [String: String] {
        var fields: [String: String] = [:]
        for part in query.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            fields[String(pair[0])] = String(pair[1]).removingPercentEncoding
        }
        return fields
    }
}

extension Service {
    /// The secrets that a person sets; the token that authorising brings is none of them.
    var secretsOfPerson: [String] { secretNames.filter { $0 != "refresh_token" || !isAuthorisedByPerson } }

    /// What a person does with a source once its secrets are set.
    func nextStep(of source: String) -> String {
        isAuthorisedByPerson ? "tieout source authorise \(source)" : "tieout source try \(source)"
    }
}
