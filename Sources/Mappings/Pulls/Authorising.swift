// SPDX-License-Identifier: Apache-2.0
package import Documents
import Trees

/// The part of OAuth 2.0 that needs a person: once, and again when the system took the permission back.
///
/// RFC 6749, 4.1, with the proof key of RFC 7636 and a redirect to this machine (RFC 8252, 7.3).
extension Service {
    /// What both halves of the exchange share.
    package struct Permission: Sendable {
        package var redirect: String
        /// Comes back unchanged, or the answer is not ours.
        package var state: String
        package var verifier: String
        /// SHA-256 of the verifier in base64url.
        package var challenge: String

        package init(redirect: String, state: String, verifier: String, challenge: String) {
            self.redirect = redirect
            self.state = state
            self.verifier = verifier
            self.challenge = challenge
        }
    }

    private func permissionRules(_ setting: PullSetting) -> (rules: OAuthRules, values: RequestValues)? {
        guard case .oauth(let rules)? = streams.first?.auth, rules.grant == .refreshToken else { return nil }
        var values = RequestValues()
        values.config = setting.config
        values.secrets = setting.secrets
        return (rules, values)
    }

    /// The address a person opens; nil where the mapping does not say, or the client's id is not set.
    package func permissionURL(_ permission: Permission, setting: PullSetting) -> String? {
        guard let (rules, values) = permissionRules(setting), let base = rules.authorizeURL?.filled(values),
            let client = setting.secrets["client_id"], let address = WebAddress(base)
        else { return nil }
        var fields = [
            ("response_type", "code"), ("client_id", client), ("redirect_uri", permission.redirect),
            ("state", permission.state), ("code_challenge", permission.challenge), ("code_challenge_method", "S256"),
        ]
        if let scope = rules.scope?.filled(values) { fields.append(("scope", scope)) }
        let query = fields.map { RequestText.percentEncoded($0.0) + "=" + RequestText.percentEncoded($0.1) }
        return address.text + (address.text.contains("?") ? "&" : "?") + query.joined(separator: "&")
    }

    /// The request that turns a code into tokens; nil where something of it is not set.
    package func codeRequest(
        _ code: String, _ permission: Permission, setting: PullSetting, at now: Timestamp
    ) -> PullRequest? {
        guard let (rules, values) = permissionRules(setting),
            let url = rules.tokenURL.filled(values).flatMap({ WebAddress($0) }),
            setting.allows(url),
            case .success(let proof) = rules.proof(values, setting, at: now)
        else { return nil }
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", permission.redirect),
            ("code_verifier", permission.verifier),
        ]
        var headers = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded"),
            (name: "Accept", value: "application/json"),
        ]
        form += proof.form
        headers += proof.headers
        let body = form.map { RequestText.percentEncoded($0.0) + "=" + RequestText.percentEncoded($0.1) }
        return PullRequest(
            purpose: .token, method: "POST", url: url, headers: headers, body: Array(body.joined(separator: "&").utf8),
            format: .json)
    }

    /// The tokens of the answer; nil when there is no refresh token in it.
    package func credential(from answer: PullAnswer, at now: Timestamp) -> Credential? {
        guard (200..<300).contains(answer.status), let refresh = answer.tree?["refresh_token"]?.scalar, !refresh.isEmpty
        else { return nil }
        let seconds = answer.tree?["expires_in"]?.scalar.flatMap { Int64($0) } ?? 600
        return Credential(
            refreshToken: refresh, accessToken: answer.tree?["access_token"]?.scalar,
            expiresAt: now + min(max(seconds, 0), 31_536_000) * 1000, issuedAt: now)
    }
}
