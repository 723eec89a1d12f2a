// SPDX-License-Identifier: Apache-2.0
package import Documents
import Formats
package import Reconciliation
package import Trees

/// `tieout.yaml`: whose books, which accounts, which files are which external book.
package struct Configuration: Hashable, Sendable {
    package struct Source: Hashable, Sendable {
        package var id: String
        /// Globs on the file's name.
        package var files: [String]
        package var maxAgeDays: Int?
        /// How it is pulled; nil for a book that arrives as files.
        package var pull: PullSource?

        /// Days after which what it said last is too old for a reminder; nil: nobody asks.
        ///
        /// What is pulled comes by itself: silence over a long weekend is a fault even where no line says so.
        package var ageDaysMax: Int? { maxAgeDays ?? (pull == nil ? nil : 4) }
    }

    /// A system that `tieout sync` pulls from.
    package struct PullSource: Hashable, Sendable {
        /// Where a secret is, when not in the usual environment variable.
        package enum SecretPlace: Hashable, Sendable {
            case variable(String)
            case file(String)
        }

        /// A name in `mappings/rest`, or a path.
        package var mapping: String
        /// Values for the mapping's `$(config.…)`.
        package var config: [String: String] = [:]
        package var secrets: [String: SecretPlace] = [:]
        /// One of the mapping's other ways to prove who asks; nil: the usual one.
        package var auth: String?
        /// Only these streams; empty: all.
        package var streams: [String] = []
        package var allowsPlainHTTP = false
        /// A run with more pages than this ends in a fault; nil: the usual bound.
        package var pagesMax: Int?
        /// When it is due, in the company's zone; `source list` tells the next time.
        package var schedule: Cron?
        /// Seconds over which runs that are due at once are spread.
        package var jitterSeconds = 30
        /// Where payments are written to when they are written back (an account, a journal, a payment method); nil:
        /// nothing is ever written.
        package var postAccount: String?
        /// Certificates to trust, for a system with one of its own.
        package var certificateFile: String?
        /// Where its requests go through, without a name or password: those are in the environment's variables only.
        package var proxy: String?
    }

    package struct Books: Hashable, Sendable {
        package var company: Company
        /// A path to a policy file, relative to the configuration's folder; nil for the default policy.
        package var policy: String?
        package var sources: [Source]
        /// Values for `$(config.…)` in mappings.
        package var mappingValues: [String: String]
        /// What reconcile may settle by itself.
        package var matching = Policy()
    }

    package var database: String?
    package var companies: [Books] = []
    /// The folder that relative paths start from.
    package var folder: String

    package init(folder: String) { self.folder = folder }

    /// Compiles a tree, all faults at once.
    package static func compile(_ node: Node, folder: String) -> (Configuration, [Fault]) {
        var compiler = Compiler(folder: folder)
        var result = Configuration(folder: folder)
        compiler.check(node, keys: ["db", "companies"], "the configuration")
        result.database = node["db"]?.scalar
        for item in node["companies"]?.items ?? [] {
            if let books = compiler.books(item) { result.companies.append(books) }
        }
        return (result, compiler.faults)
    }

    private struct Compiler {
        let folder: String
        var faults: [Fault] = []

        mutating func fault(_ node: Node, _ message: String, hint: String) {
            faults.append(
                Fault("CONFIG", .refusal, at: .line(node.line, column: node.column), message, hint: hint))
        }

        mutating func check(_ node: Node, keys: [String], _ what: String) {
            guard let entries = node.entries else {
                fault(node, "\(what) must be a map, not \(node.kind).", hint: "See samples/quarter/tieout.yaml.")
                return
            }
            for entry in entries where !keys.contains(entry.key) {
                faults.append(
                    Fault(
                        "CONFIG", .refusal, at: .line(entry.line, column: entry.column),
                        "“\(entry.key)” is no key of \(what).", hint: "Known keys: \(keys.joined(separator: ", "))."))
            }
        }

        mutating func books(_ node: Node) -> Books? {
            check(
                node,
                keys: [
                    "id", "legal_name", "address", "tax_id", "country", "home_currency", "authority", "cut_over",
                    "calendar", "time_zone", "first_party", "policy", "accounts", "sources", "mapping_values",
                    "reconciliation",
                ], "a company")
            guard let id = node["id"]?.scalar, !id.isEmpty else {
                fault(node, "A company has no id.", hint: "Add a line `id: something-short`.")
                return nil
            }
            var company = Company(id: id)
            company.legalName = node["legal_name"]?.scalar
            company.address = node["address"]?.scalar
            company.taxID = node["tax_id"]?.scalar
            company.country = node["country"]?.scalar
            company.timeZone = node["time_zone"]?.scalar
            company.firstParty = node["first_party"]?.scalar == "true"
            company.homeCurrency = parse(node["home_currency"], "an ISO 4217 code") { Currency($0) }
            company.authority = parse(node["authority"], "source or tieout") { .init(rawValue: $0) } ?? .tieout
            company.cutOver = parse(node["cut_over"], "a day, yyyy-MM-dd") { Day($0) }
            company.calendar =
                parse(node["calendar"], BankingCalendar.Name.allCases.map(\.rawValue).joined(separator: ", ")) {
                    .init(rawValue: $0)
                } ?? .target
            if let zone = node["time_zone"], let name = zone.scalar,
                ZonedTime(Timestamp(milliseconds: 0), zone: name) == nil
            {
                fault(zone, "“\(name)” is no time zone.", hint: "Use an IANA name such as Europe/Amsterdam.")
            }
            for item in node["accounts"]?.items ?? [] { account(item).map { company.accounts.append($0) } }
            var values: [String: String] = [:]
            for entry in node["mapping_values"]?.entries ?? [] { values[entry.key] = entry.value.scalar }
            var books = Books(
                company: company, policy: node["policy"]?.scalar,
                sources: (node["sources"]?.items ?? []).compactMap { source($0) }, mappingValues: values)
            if let rules = node["reconciliation"] {
                let (matching, problems) = MatchingPolicy.compile(rules)
                books.matching = matching
                faults += problems
            }
            books.matching.customaryShares = WithheldShare.customary(in: company.country)
            books.matching.own(company.accounts.map(\.id))
            return books
        }

        mutating func account(_ node: Node) -> Company.Account? {
            check(node, keys: ["id", "holder", "bic", "currency", "pix_key", "city"], "an account")
            guard let id = node["id"]?.scalar else {
                fault(node, "An account has no id.", hint: "Give its IBAN, or the provider's name.")
                return nil
            }
            var account = Company.Account(id: String(id.filter { $0 != " " }))
            account.holder = node["holder"]?.scalar
            account.bic = node["bic"]?.scalar
            account.currency = parse(node["currency"], "an ISO 4217 code") { Currency($0) }
            account.pixKey = node["pix_key"]?.scalar
            account.city = node["city"]?.scalar
            return account
        }

        /// Over a weekend and a holiday.
        private static let pulledAgeDays = 4

        mutating func source(_ node: Node) -> Source? {
            check(
                node,
                keys: [
                    "id", "files", "max_age_days", "mapping", "config", "secrets", "streams", "plain_http",
                    "certificate_file", "proxy", "pages_max", "schedule", "jitter_seconds", "post", "auth",
                ], "a source")
            guard let id = node["id"]?.scalar else {
                fault(node, "A source has no id.", hint: "Name the external book, such as `exact`.")
                return nil
            }
            let files = node["files"]?.items?.compactMap(\.scalar) ?? []
            return Source(
                id: id, files: files,
                // A system that is pulled is meant to be current: what it did not say for days holds reminders.
                maxAgeDays: parse(node["max_age_days"], "a number of days") { Int($0) }
                    ?? (node["mapping"] == nil ? nil : Self.pulledAgeDays),
                pull: pull(node))
        }

        private mutating func pull(_ node: Node) -> PullSource? {
            guard let mapping = node["mapping"]?.scalar else {
                if let stray = node["config"] ?? node["secrets"] ?? node["streams"] ?? node["schedule"] {
                    fault(
                        stray, "A source without `mapping:` is not pulled.", hint: "Add `mapping: name-of-the-system`.")
                }
                return nil
            }
            var pull = PullSource(mapping: mapping)
            for entry in node["config"]?.entries ?? [] { pull.config[entry.key] = entry.value.scalar }
            for entry in node["secrets"]?.entries ?? [] {
                check(entry.value, keys: ["env", "file"], "a secret")
                if let name = entry.value["env"]?.scalar {
                    pull.secrets[entry.key] = .variable(name)
                } else if let path = entry.value["file"]?.scalar {
                    pull.secrets[entry.key] = .file(path)
                } else {
                    fault(
                        entry.value, "The secret “\(entry.key)” says neither env nor file.",
                        hint: "Write `\(entry.key): { env: NAME }`; secrets never stand in this file.")
                }
            }
            pull.streams = node["streams"]?.items?.compactMap(\.scalar) ?? []
            pull.allowsPlainHTTP = node["plain_http"]?.scalar == "true"
            pull.auth = node["auth"]?.scalar
            pull.certificateFile = node["certificate_file"]?.scalar.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
            if let proxy = node["proxy"]?.scalar, proxy.contains("@") {
                // The fault must not show it.
                fault(
                    node["proxy"] ?? node, "A proxy's name and password do not stand in this file.",
                    hint: "Set HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT in the environment, and leave `proxy:` out.")
            } else {
                pull.proxy = parse(node["proxy"], "an address such as http://proxy.example:3128") { text in
                    ["http://", "https://", "socks5://", "socks5h://"].contains { text.hasPrefix($0) } ? text : nil
                }
            }
            pull.pagesMax = parse(node["pages_max"], "a number of pages") { Int($0).flatMap { $0 > 0 ? $0 : nil } }
            pull.schedule = parse(node["schedule"], "a schedule such as */30 6-20 * * MON-FRI") { Cron($0) }
            if let post = node["post"] {
                check(post, keys: ["account"], "`post:`")
                pull.postAccount = post["account"]?.scalar
            }
            pull.jitterSeconds = parse(node["jitter_seconds"], "a number of seconds") { Int($0) } ?? 30
            return pull
        }

        mutating func parse<Value>(_ node: Node?, _ expected: String, _ read: (String) -> Value?) -> Value? {
            guard let node, !node.isNull else { return nil }
            if let text = node.scalar, let value = read(text) { return value }
            fault(node, "“\(node.scalar ?? node.kind)” is not \(expected).", hint: "Correct the value.")
            return nil
        }
    }
}
