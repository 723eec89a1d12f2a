// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

/// Who asks: the tokens of one source, handed on from stream to stream.
package struct Authentication: Sendable {
    let scheme: AuthScheme
    package private(set) var credential: Credential
    /// Values of a login, and its cookies.
    private(set) var session: [String: String] = [:]
    private var cookies: [(name: String, value: String)] = []
    private var sessionSince: Int64?
    /// The token in hand was refused.
    private var isStale = false
    /// Fetched and not yet durable: nothing may be sent with it.
    private(set) var unkept: Credential?

    package init(_ service: Service, credential: Credential) {
        scheme = service.streams.first?.auth ?? .open
        self.credential = credential
    }

    /// Whether a token or a login is needed before the next page.
    func needsToken(at now: Timestamp) -> Bool {
        switch scheme {
        case .open, .headers, .basic: return false
        case .oauth(let rules):
            guard credential.accessToken != nil, !isStale else { return true }
            guard let end = credential.expiresAt else { return false }
            return now.milliseconds >= end.milliseconds - rules.early
        case .session(let rules):
            guard let since = sessionSince, !isStale else { return true }
            return rules.lifetime.map { now.milliseconds >= since + $0 } ?? false
        }
    }

    /// The earliest moment for a token call.
    func earliest(at now: Timestamp) -> Timestamp {
        guard case .oauth(let rules) = scheme, let issued = credential.issuedAt else { return now }
        return max(now, Timestamp(milliseconds: issued.milliseconds + rules.leastInterval))
    }

    /// The answer was 401: a new token may help, where there is such a thing.
    mutating func refuse() -> Bool {
        switch scheme {
        case .open, .headers, .basic: return false
        case .oauth, .session:
            isStale = true
            return true
        }
    }

    /// What `$(session.…)` stands for: what a login answered, and `token`, for systems that want it in the body.
    var values: [String: String] {
        guard case .oauth = scheme, let token = credential.accessToken else { return session }
        return ["token": token]
    }

    // MARK: Token and login calls

    func request(
        _ values: RequestValues, _ setting: PullSetting, at now: Timestamp
    ) -> Result<PullRequest, RequestProblem> {
        switch scheme {
        case .oauth(let rules): return tokenRequest(rules, values, setting, at: now)
        case .session(let rules):
            return rules.login.request(values, purpose: .login, format: .json, extra: [])
        case .open, .headers, .basic: return .failure(RequestProblem("there is nothing to log in to"))
        }
    }

    private func tokenRequest(
        _ rules: OAuthRules, _ values: RequestValues, _ setting: PullSetting, at now: Timestamp
    ) -> Result<PullRequest, RequestProblem> {
        guard let url = rules.tokenURL.filled(values).flatMap({ WebAddress($0) }) else {
            return .failure(RequestProblem("the token address is no URL"))
        }
        var form = [("grant_type", rules.grant.parameter)]
        let proof: (form: [(String, String)], headers: [(name: String, value: String)])
        switch rules.proof(values, setting, at: now) {
        case .success(let made): proof = made
        case .failure(let problem): return .failure(problem)
        }
        if rules.grant == .refreshToken {
            guard let token = credential.refreshToken ?? values.secrets["refresh_token"] else {
                return .failure(RequestProblem("the secret refresh_token is not set"))
            }
            form.append(("refresh_token", token))
        }
        if let statement = rules.statement {
            switch statement.text(values, seed: setting.seed, signer: setting.signer, at: now) {
            case .success(let token): form.append(("assertion", token))
            case .failure(let problem): return .failure(problem)
            }
        }
        var headers = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded"),
            (name: "Accept", value: "application/json"),
        ]
        form += proof.form
        headers += proof.headers
        if let scope = rules.scope?.filled(values) { form.append(("scope", scope)) }
        for field in rules.extra {
            if let text = field.text.filled(values) { form.append((field.name, text)) }
        }
        let body = form.map { RequestText.percentEncoded($0.0) + "=" + RequestText.percentEncoded($0.1) }
        return .success(
            PullRequest(
                purpose: .token, method: "POST", url: url, headers: headers,
                body: Array(body.joined(separator: "&").utf8), format: .json))
    }

    /// Takes in what the token or login call answered; false when it holds no token.
    mutating func receive(_ answer: PullAnswer, at now: Timestamp) -> Bool {
        switch scheme {
        case .oauth: return receiveToken(answer, at: now)
        case .session(let rules): return receiveSession(rules, answer, at: now)
        case .open, .headers, .basic: return false
        }
    }

    private mutating func receiveToken(_ answer: PullAnswer, at now: Timestamp) -> Bool {
        guard let token = answer.tree?["access_token"]?.scalar, !token.isEmpty else { return false }
        var next = credential
        next.accessToken = token
        if let refresh = answer.tree?["refresh_token"]?.scalar, !refresh.isEmpty { next.refreshToken = refresh }
        let seconds = answer.tree?["expires_in"]?.scalar.flatMap { Int64($0) } ?? 600
        next.expiresAt = Timestamp(milliseconds: now.milliseconds + min(max(seconds, 0), 31_536_000) * 1000)
        next.issuedAt = now
        unkept = next
        return true
    }

    /// The new credential is durable: from now on it is used.
    mutating func kept() {
        guard let next = unkept else { return }
        credential = next
        unkept = nil
        isStale = false
    }

    private mutating func receiveSession(_ rules: SessionRules, _ answer: PullAnswer, at now: Timestamp) -> Bool {
        if let ok = rules.ok, !ok.holds(answer) { return false }
        var values: [String: String] = [:]
        for (name, path) in rules.keep {
            guard let tree = answer.tree, let text = path.hits(in: [tree]).first?.ownText, !text.isEmpty else {
                return false
            }
            values[name] = text
        }
        if rules.usesCookies {
            cookies = answer.headers.filter { $0.name.lowercased() == "set-cookie" }.compactMap { header in
                let pair = header.value.prefix { $0 != ";" }
                guard let equal = pair.firstIndex(of: "="), equal > pair.startIndex else { return nil }
                return (String(pair[..<equal]), String(pair[pair.index(after: equal)...]))
            }
            guard !cookies.isEmpty else { return false }
        }
        session = values
        sessionSince = now.milliseconds
        isStale = false
        return true
    }

    // MARK: What every request carries

    /// Nil when a value of it is not set.
    func headers(_ values: RequestValues) -> [(name: String, value: String)]? {
        switch scheme {
        case .open: return []
        case .headers(let fields):
            var result: [(name: String, value: String)] = []
            for field in fields {
                guard let value = field.text.filled(values) else { return nil }
                result.append((field.name, value))
            }
            return result
        case .basic(let user, let password):
            guard let user = user.filled(values), let password = password.filled(values) else { return nil }
            return [("Authorization", "Basic " + Base64Text.encoded("\(user):\(password)"))]
        case .oauth(let rules):
            return credential.accessToken.map { [("Authorization", "\(rules.word) \($0)")] }
        case .session(let rules):
            var result: [(name: String, value: String)] = []
            for part in rules.inject {
                guard let prefix = part.prefix.filled(values) else { return nil }
                guard let encoded = part.encoded else {
                    result.append((part.header, prefix))
                    continue
                }
                guard let text = encoded.filled(values) else { return nil }
                result.append((part.header, prefix + Base64Text.encoded(text)))
            }
            if !cookies.isEmpty {
                result.append(("Cookie", cookies.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")))
            }
            return result
        }
    }

    /// What must not be shown.
    var secrets: [String] {
        let tokens = [credential.accessToken, credential.refreshToken, unkept?.accessToken, unkept?.refreshToken]
        // order-free: every one of them is looked for
        return tokens.compactMap { $0 } + session.values + cookies.map(\.value)
    }
}

/// Why a request cannot be written.
struct RequestProblem: Error {
    var message: String

    init(_ message: String) { self.message = message }
}
