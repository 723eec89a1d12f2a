// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

extension ServiceCompiler {
    // MARK: Requests

    mutating func shape(_ http: Node, base: Node?, needsMethod: Bool) -> RequestShape? {
        guard let base, let baseText = text(base, "`base:`") else {
            fail("MAPPING-MISSING", http, "`base:` is missing", "Write the system's address: `base: https://…`.")
            return nil
        }
        if case .literal(let start)? = baseText.pieces.first, !start.hasPrefix("https://") {
            fail("MAPPING-VALUE", base, "`base:` does not begin with https://", "Credentials travel encrypted only.")
        }
        let methods = ["get", "post", "put", "patch", "delete"].filter { http[$0] != nil }
        guard methods.count == 1, let method = methods.first, let pathNode = http[method] else {
            fail("MAPPING-MISSING", http, "a request has exactly one of get, post, put and patch", "Name the path.")
            return nil
        }
        guard let path = text(pathNode, "`\(method):`") else { return nil }
        var shape = RequestShape(method: method.uppercased(), base: baseText, path: path)
        shape.query = fields(http["query"], "query")
        shape.headers = fields(http["headers"], "headers")
        shape.body = body(http)
        return shape
    }

    mutating func fields(_ node: Node?, _ what: String) -> [(name: String, text: RequestText)] {
        guard let node, !node.isNull else { return [] }
        guard let entries = node.entries else {
            fail("MAPPING-VALUE", node, "`\(what):` is a map", "Write `name: value` lines.")
            return []
        }
        return entries.compactMap { entry in text(entry.value, "`\(what).\(entry.key):`").map { (entry.key, $0) } }
    }

    private mutating func body(_ http: Node) -> RequestShape.Body {
        if let node = http["json"] {
            checkTexts(node)
            return .json(node)
        }
        if let node = http["form"] { return .form(fields(node, "form")) }
        if let node = http["xml"], let text = text(node, "`xml:`") { return .xml(text) }
        return .none
    }

    private mutating func checkTexts(_ node: Node) {
        switch node.value {
        case .text: _ = text(node, "a value in `json:`")
        case .list(let items): for item in items { checkTexts(item) }
        case .map(let entries): for entry in entries { checkTexts(entry.value) }
        default: break
        }
    }

    mutating func bodyCondition(_ node: Node, _ what: String) -> BodyCondition? {
        guard let entries = node.entries, !entries.isEmpty else {
            fail("MAPPING-VALUE", node, "`\(what):` is a map of path to value", "Write `\(what): { code: 0 }`.")
            return nil
        }
        var lines: [(place: BodyCondition.Place, patterns: [Condition.Pattern])] = []
        for entry in entries where entry.key != "status" {
            let values = entry.value.items ?? [entry.value]
            let patterns = values.map { $0.isNull ? .null : Condition.Pattern($0.ownText ?? "") }
            if entry.key.hasPrefix("header.") {
                lines.append((.header(entry.key.dropFirst(7).lowercased()), patterns))
            } else if let path = Path.tree(entry.key) {
                lines.append((.body(path), patterns))
            } else {
                fail("MAPPING-PATH", entry.value, "\"\(entry.key)\" is no path", "Correct the path.")
            }
        }
        return BodyCondition(lines: lines)
    }

    mutating func errors(_ node: Node?) -> [ErrorRule] {
        (node?.items ?? []).compactMap { item in
            check(item, keys: ["status", "match", "do", "wait", "max", "else", "say"], in: "`errors:`")
            guard let action = item["do"]?.scalar.flatMap(ErrorRule.Action.init) else {
                fail(
                    "MAPPING-VALUE", item["do"] ?? item,
                    "`do:` is one of \(ErrorRule.Action.allCases.map(\.rawValue).joined(separator: ", "))",
                    "Say what to do when the rule fits.")
                return nil
            }
            var rule = ErrorRule(action: action)
            for text in texts(item["status"]) {
                if let range = StatusRange(text) {
                    rule.statuses.append(range)
                } else {
                    fail("MAPPING-VALUE", item, "`status: \(text)` is no status", "Write 429, or 5xx.")
                }
            }
            rule.match = item["match"].flatMap { bodyCondition($0, "match") }
            if rule.statuses.isEmpty, rule.match == nil {
                fail("MAPPING-VALUE", item, "an error rule needs `status:` or `match:`", "Say when it fits.")
            }
            switch item["wait"]?.scalar {
            case nil: break
            case "retry_after": rule.wait = .retryAfter
            case "until_reset": rule.wait = .untilReset
            default: rule.wait = item["wait"].map { .milliseconds(duration($0)) }
            }
            rule.otherwise = item["else"].map { duration($0) }
            if let most = item["max"] { rule.most = whole(most, "`max:`", in: 1...100) }
            rule.say = item["say"]?.scalar
            return rule
        }
    }

    // MARK: Authentication

    mutating func auth(_ node: Node?, _ http: Node) -> AuthScheme {
        guard let node else { return .open }
        check(node, keys: ["oauth2", "bearer", "basic", "header", "session", "or"], in: "`auth:`")
        if let token = node["bearer"], let text = text(token, "`bearer:`") {
            refuseLiteral(text, token)
            return .headers([("Authorization", RequestText(literal: "Bearer ").appending(text))])
        }
        if let headers = node["header"] {
            let fields = fields(headers, "header")
            if fields.allSatisfy({ $0.text.names.isEmpty }), let first = fields.first {
                refuseLiteral(first.text, headers)
            }
            return .headers(fields)
        }
        if let basic = node["basic"], let user = basic["user"].flatMap({ text($0, "`user:`") }),
            let passNode = basic["pass"], let password = text(passNode, "`pass:`")
        {
            refuseLiteral(password, passNode)
            return .basic(user: user, password: password)
        }
        if let rules = node["oauth2"] { return oauth(rules) }
        if let rules = node["session"] { return session(rules, http) }
        fail(
            "MAPPING-VALUE", node, "`auth:` says nothing that is known", "Use oauth2, bearer, basic, header or session."
        )
        return .open
    }

    /// `or:` of `auth:`, each another block of the same kind.
    mutating func alternatives(_ http: Node) -> [(name: String, auth: AuthScheme)] {
        (http["auth"]?["or"]?.entries ?? []).map { entry in
            if let nested = entry.value["or"] {
                fail("MAPPING-KEY", nested, "`or:` stands in `or:`", "Put all of them beside one another.")
            }
            return (entry.key, auth(entry.value, http))
        }
    }

    /// A secret that stands in the file is no secret.
    private mutating func refuseLiteral(_ text: RequestText, _ node: Node) {
        guard text.names.isEmpty else { return }
        fail("MAPPING-SECRET", node, "a secret stands in the mapping", "Write `$(secret.name)` and set it outside.")
    }

    private mutating func oauth(_ node: Node) -> AuthScheme {
        check(
            node,
            keys: [
                "grant", "token_url", "client_auth", "scope", "rotate", "early", "min_interval", "word", "form",
                "refresh_max_age", "authorize_url", "jwt",
            ], in: "`oauth2:`")
        let grant = node["grant"]?.scalar.flatMap(OAuthRules.Grant.init)
        guard let grant, let url = node["token_url"].flatMap({ text($0, "`token_url:`") }) else {
            fail(
                "MAPPING-MISSING", node, "`oauth2:` needs `grant:` and `token_url:`",
                "Write `grant: refresh_token`, `client_credentials` or `jwt_bearer`, and the token address.")
            return .open
        }
        if grant == .refreshToken, node["rotate"] == nil {
            fail(
                "MAPPING-MISSING", node, "`rotate:` is missing",
                "Say `rotate: true` when each refresh gives a new refresh token, else `rotate: false`.")
        }
        var rules = OAuthRules(grant: grant, tokenURL: url)
        (rules.client, rules.statement) = proof(node, grant, url)
        rules.scope = node["scope"].flatMap { text($0, "`scope:`") }
        rules.extra = fields(node["form"], "form")
        rules.authorizeURL = node["authorize_url"].flatMap { text($0, "`authorize_url:`") }
        if let word = node["word"]?.scalar { rules.word = word }
        if let early = node["early"] { rules.early = duration(early) }
        if let interval = node["min_interval"] { rules.leastInterval = duration(interval) }
        return .oauth(rules)
    }

    /// How the client proves itself, and what a grant of `jwt_bearer` presents.
    private mutating func proof(
        _ node: Node, _ grant: OAuthRules.Grant, _ url: RequestText
    ) -> (OAuthRules.ClientProof, AssertionRules?) {
        let statement = grant == .jwtBearer ? assertion(node, url, needsSubject: true) : nil
        switch node["client_auth"]?.scalar {
        case nil: return (grant == .jwtBearer ? .none : .form, statement)
        case "body": return (.form, statement)
        case "basic": return (.header, statement)
        case "none": return (.none, statement)
        case "jwt" where grant != .jwtBearer:
            return (assertion(node, url, needsSubject: false).map { .assertion($0) } ?? .none, nil)
        default:
            fail(
                "MAPPING-VALUE", node["client_auth"] ?? node, "`client_auth:` is none of body, basic, jwt and none",
                "Say how the client proves itself; `jwt` stands beside `grant: jwt_bearer` never.")
            return (.form, statement)
        }
    }

    /// `jwt:`, with the defaults of RFC 7523, 3: who asks speaks for itself to the token address.
    private mutating func assertion(_ whole: Node, _ url: RequestText, needsSubject: Bool) -> AssertionRules? {
        guard let node = whole["jwt"], !needsSubject || node["subject"] != nil else {
            fail(
                "MAPPING-MISSING", whole["jwt"] ?? whole, "`jwt:` is missing, or has no `subject:`",
                "Write `jwt: { subject: …, audience: … }`; its key is $(secret.private_key).")
            return nil
        }
        check(
            node,
            keys: [
                "key", "certificate", "algorithm", "issuer", "subject", "audience", "lifetime", "claims", "header",
            ], in: "`jwt:`")
        let client = RequestText(pieces: [.value(name: "secret.client_id", format: nil)])
        let key =
            node["key"].flatMap { text($0, "`key:`") }
            ?? RequestText(pieces: [.value(name: "secret.private_key", format: nil)])
        if let own = node["key"] { refuseLiteral(key, own) }
        var rules = AssertionRules(
            key: key, issuer: node["issuer"].flatMap { text($0, "`issuer:`") } ?? client,
            subject: node["subject"].flatMap { text($0, "`subject:`") } ?? client,
            audience: node["audience"].flatMap { text($0, "`audience:`") } ?? url)
        rules.certificate = node["certificate"].flatMap { text($0, "`certificate:`") }
        rules.claims = fields(node["claims"], "claims")
        rules.header = fields(node["header"], "header")
        if let lifetime = node["lifetime"] { rules.lifetime = duration(lifetime) }
        guard let name = node["algorithm"] else { return rules }
        if let algorithm = name.scalar.flatMap(TokenSigner.Algorithm.init) {
            rules.algorithm = algorithm
        } else {
            let known = TokenSigner.Algorithm.allCases.map(\.rawValue).joined(separator: ", ")
            fail("MAPPING-VALUE", name, "\"\(name.scalar ?? name.kind)\" is no algorithm", "Known: \(known).")
        }
        return rules
    }

    private mutating func session(_ node: Node, _ http: Node) -> AuthScheme {
        check(node, keys: ["login", "keep", "cookies", "inject", "ttl", "ok"], in: "`session:`")
        guard let login = node["login"],
            let shape = shape(login, base: login["base"] ?? http["base"], needsMethod: true)
        else {
            fail("MAPPING-MISSING", node, "`session:` needs `login:`", "Write the request that logs in.")
            return .open
        }
        var rules = SessionRules(login: shape)
        rules.ok = node["ok"].flatMap { bodyCondition($0, "ok") }
        for entry in node["keep"]?.entries ?? [] {
            if let path = path(entry.value) { rules.keep.append((entry.key, path)) }
        }
        rules.usesCookies = node["cookies"]?.scalar == "true"
        for entry in node["inject"]?.entries ?? [] {
            let plain = entry.value.entries == nil
            let prefix = plain ? entry.value : entry.value["prefix"] ?? .text("")
            guard let prefixText = text(prefix, "`inject:`") else { continue }
            rules.inject.append(
                SessionRules.Injection(
                    header: entry.key, prefix: prefixText,
                    encoded: plain ? nil : entry.value["base64"].flatMap { text($0, "`base64:`") }))
        }
        rules.lifetime = node["ttl"].map { duration($0) }
        if rules.inject.isEmpty, !rules.usesCookies {
            fail("MAPPING-MISSING", node, "the login's answer is not used", "Add `cookies: true` or `inject:`.")
        }
        return .session(rules)
    }

    mutating func limits(_ node: Node?) -> LimitRules {
        var rules = LimitRules()
        guard let node else { return rules }
        check(node, keys: ["per", "concurrent", "errors", "remaining", "reset"], in: "`limits:`")
        for entry in node["per"]?.entries ?? [] {
            if let rate = rate(entry) { rules.rates.append(rate) }
        }
        rules.errors = node["errors"]?.entries?.first.flatMap { rate($0) }
        rules.remainingHeader = node["remaining"]?.scalar?.lowercased()
        if let reset = node["reset"] {
            let form = reset["as"]?.scalar.flatMap(LimitRules.ResetForm.init)
            if let header = reset["header"]?.scalar, let form {
                rules.reset = (header.lowercased(), form)
            } else {
                fail(
                    "MAPPING-VALUE", reset, "`reset:` needs `header:` and `as:`",
                    "Write `reset: { header: X-Reset, as: epoch_s }`.")
            }
        }
        return rules
    }

    private mutating func rate(_ entry: Node.Entry) -> LimitRules.Rate? {
        guard let window = Self.milliseconds(entry.key), let count = Int(entry.value.scalar ?? ""), count > 0,
            window > 0
        else {
            fail("MAPPING-VALUE", entry.value, "a limit is a duration and a count", "Write `60s: 60`.")
            return nil
        }
        return LimitRules.Rate(window: window, count: min(count, 100_000))
    }
}

extension RequestText {
    func appending(_ other: RequestText) -> RequestText { RequestText(pieces: pieces + other.pieces) }

    init(pieces: [Piece]) { self.pieces = pieces }
}
