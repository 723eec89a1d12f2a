// SPDX-License-Identifier: Apache-2.0
import Trees

/// The mapping of a system that is pulled from over HTTP: how to ask, how to page, and what its records become.
///
/// Made by `Service.compile` only, so that every value of this type has been checked as a whole.
package struct Service: Sendable {
    /// How the mapping was proved; it never claims more than that.
    package enum Tested: String, Sendable, CaseIterable {
        /// Against the real system.
        case live
        /// Against the vendor's own description or published examples.
        case specification
        /// Against answers written by hand from the documentation.
        case documentation
    }

    /// One kind of record that the system lists.
    package struct Stream: Sendable {
        /// `invoices`; the mapping's own name where it has one stream.
        package let name: String
        /// What its records become.
        package internal(set) var mapping: Mapping
        /// How its answers are written: `.json` or `.xml`.
        package let format: Mapping.FileFormat
        let shape: RequestShape
        fileprivate(set) var auth: AuthScheme
        let limits: LimitRules
        let paging: Paging
        let stopsWhenOlder: Bool
        let window: WindowRules?
        let attach: [AttachRules]
        /// Where the answer has the real one as text; nil where the answer is itself the one that is meant.
        package let inner: Path?
        let ok: BodyCondition?
        let errors: [ErrorRule]
        let sync: SyncRules
    }

    /// A write of one payment, in steps, and how it is looked for and taken back.
    package struct Push: Sendable {
        let steps: [PushStep]
        /// Looks for a payment by its key; nil where the system cannot be asked, or is asked for each step.
        let find: PushSearch?
        /// How single steps are looked for, by their place.
        let searches: [Int: PushSearch]
        let reverse: [PushStep]
        /// The system knows the key of a request that it has had before, so that sending it twice does no harm.
        let isIdempotent: Bool
        /// It takes nothing but all that is open of an invoice, in one payment.
        package let takesWhole: Bool
        /// Where the answer has the real one as text.
        package let inner: Path?
        /// Prefixes that paths into its answers in XML may use.
        package let namespaces: [String: String]
        /// Answers that say that the token is not good any more, besides those with status 401.
        let denials: [ErrorRule]
    }

    package struct PushStep: Sendable {
        let shape: RequestShape
        /// How its answer is written, where that is not how the source's other answers are.
        let format: Mapping.FileFormat?
        /// It changes nothing that anybody sees, so it may be sent again.
        let isSafe: Bool
        /// The step is left out where this holds of the answer before.
        let unless: BodyCondition?
        /// The step is left out where nothing was kept under this name.
        let needs: String?
        let ok: BodyCondition?
        let okStatuses: [StatusRange]
        /// The record of the answer that the two below read.
        let choice: RecordChoice
        /// Where it says what is open of the invoice now; the payment must fit into it.
        let open: OpenReading?
        /// What later steps may use, by name.
        let keep: [(name: String, path: Path)]
        /// What stands in the system once the step is done, for people.
        let stands: RequestText?
        /// Its answer says only that it was taken; nil where it says that it is done.
        let later: Later?
    }

    /// What the system takes now and does later.
    struct Later: Sendable {
        /// Milliseconds after which it is looked for the first time.
        let after: Int64
        /// Where people see there why it was not done.
        let reason: RequestText?
    }

    /// How an invoice's document is asked for: in steps that only read, the last of which brings it.
    package struct Document: Sendable {
        enum Content: Hashable, Sendable {
            /// The answer is the document.
            case body
            /// Base64 text in the answer.
            case base64(Path)
            /// An address in the answer, on the system's own host or another.
            case link(Path)
        }

        let steps: [PushStep]
        let content: Content
    }

    package let name: String
    /// SHA-256 of the mapping's text; the loader sets it.
    package private(set) var digest: String?
    package private(set) var text: String?
    package let summary: String?
    package let tested: Tested
    /// What it was written from.
    package let documentation: [String]
    /// Names that `$(config.…)` may use.
    package let config: [(name: String, fallback: String?)]
    /// What a person should know of them, by name.
    package let configNotes: [String: String]
    /// In the order of the mapping; they are pulled in that order.
    package internal(set) var streams: [Stream]
    /// Other ways to prove who asks, by the names that a source chooses them with.
    let alternatives: [(name: String, auth: AuthScheme)]
    package let push: Push?
    package let pdf: Document?

    /// What the loader knows: provenance leads to the text by its digest.
    package mutating func set(digest: String, text: String) {
        (self.digest, self.text) = (digest, text)
        for index in streams.indices {
            streams[index].mapping.digest = digest
            streams[index].mapping.text = text
        }
    }

    /// Names that `$(secret.…)` uses, sorted.
    package var secretNames: [String] {
        var names = Set<String>()
        for stream in streams { names.formUnion(stream.names.filter { $0.hasPrefix("secret.") }) }
        return names.map { String($0.dropFirst(7)) }.sorted()
    }
}

extension Service {
    /// The names under `auth: { or: … }`.
    package var alternativeNames: [String] { alternatives.map(\.name) }

    /// The same system, asked in another of its ways; nil when it has none of that name.
    package func authenticated(by name: String) -> Service? {
        guard let other = alternatives.first(where: { $0.name == name }) else { return nil }
        var service = self
        for index in service.streams.indices { service.streams[index].auth = other.auth }
        return service
    }

    /// Its invoices say themselves what is open of them; else what was paid is known from payments alone.
    package var statesOpen: Bool {
        streams.contains { $0.mapping.names(.open, of: .invoice) || $0.mapping.names(.paid, of: .invoice) }
    }

    /// A person has to allow it in a browser before the first run, and again when the system took that back.
    package var isAuthorisedByPerson: Bool {
        if case .oauth(let rules)? = streams.first?.auth { rules.grant == .refreshToken } else { false }
    }

    /// The longest window of the source's limits in milliseconds, and the most requests that any of them counts.
    package var limitSpan: (window: Int64, count: Int) {
        let rates = streams.first?.limits.rates ?? []
        return (rates.map(\.window).max() ?? 0, rates.map(\.count).max() ?? 0)
    }
}

extension Service.Stream {
    /// How records say what changed, for people: `incremental`, `full`, `open_snapshot`.
    package var mode: Mapping.Sync { sync.mode }

    /// Its list holds every payment of its span, so that one which is missing is gone.
    package var noticesAbsent: Bool { sync.absentIsGone }

    /// Where a record stands in such a list: the cursor's value, 0 in a list of everything; nil for one without a value.
    package func place(of record: Record) -> Int64? {
        guard sync.mode == .incremental else { return 0 }
        return sync.cursor?.value(record)?.value
    }

    fileprivate var names: [String] { shape.names + auth.names + attach.flatMap(\.shape.names) }
}

/// A request before its values.
struct RequestShape: Sendable {
    enum Body: Sendable {
        case none
        case json(Node)
        case form([(name: String, text: RequestText)])
        case xml(RequestText)
    }

    var method = "GET"
    var base: RequestText
    var path: RequestText
    /// A parameter whose value is not known now is left out.
    var query: [(name: String, text: RequestText)] = []
    var headers: [(name: String, text: RequestText)] = []
    var body = Body.none

    var names: [String] {
        let texts = [base, path] + query.map(\.text) + headers.map(\.text)
        return texts.flatMap(\.names) + body.names
    }
}

extension RequestShape.Body {
    var names: [String] {
        switch self {
        case .none: []
        case .json(let node): node.requestNames
        case .form(let fields): fields.flatMap(\.text.names)
        case .xml(let text): text.names
        }
    }
}

extension Node {
    /// Names of the `$(…)` in a tree's texts.
    fileprivate var requestNames: [String] {
        switch value {
        case .text(let text): RequestText(text)?.names ?? []
        case .list(let items): items.flatMap(\.requestNames)
        case .map(let entries): entries.flatMap(\.value.requestNames)
        default: []
        }
    }
}

/// How requests prove who asks.
enum AuthScheme: Sendable {
    case open
    case headers([(name: String, text: RequestText)])
    case basic(user: RequestText, password: RequestText)
    case oauth(OAuthRules)
    case session(SessionRules)

    var names: [String] {
        switch self {
        case .open: []
        case .headers(let headers): headers.flatMap(\.text.names)
        case .basic(let user, let password): user.names + password.names
        case .oauth(let rules): rules.names
        case .session(let rules):
            rules.login.names + rules.inject.flatMap { $0.prefix.names + ($0.encoded?.names ?? []) }
        }
    }
}

/// OAuth 2.0 without a person: a refresh token, the client's own credentials (RFC 6749, 4.4 and 6), or a signed
/// statement (RFC 7523, 2.1).
struct OAuthRules: Sendable {
    enum Grant: String, Sendable, CaseIterable {
        case refreshToken = "refresh_token"
        case clientCredentials = "client_credentials"
        case jwtBearer = "jwt_bearer"

        /// `grant_type` of a token call.
        var parameter: String {
            self == .jwtBearer ? "urn:ietf:params:oauth:grant-type:jwt-bearer" : rawValue
        }
    }

    var grant: Grant
    var tokenURL: RequestText
    /// Where a person allows it, once; nil where the mapping does not say.
    var authorizeURL: RequestText?
    var client = ClientProof.form
    /// What a grant of `jwt_bearer` presents.
    var statement: AssertionRules?
    var scope: RequestText?
    /// Further form fields.
    var extra: [(name: String, text: RequestText)] = []
    /// The word before the token in the Authorization header.
    var word = "Bearer"
    /// A new token is fetched this long before the old one ends, in milliseconds.
    var early: Int64 = 60_000
    /// Token calls are at least this far apart, in milliseconds.
    var leastInterval: Int64 = 0

    var names: [String] {
        var names = tokenURL.names + (scope?.names ?? []) + (statement?.names ?? [])
        switch client {
        case .form, .header: names += ["secret.client_id", "secret.client_secret"]
        case .assertion(let rules): names += ["secret.client_id"] + rules.names
        case .none: break
        }
        if grant == .refreshToken { names.append("secret.refresh_token") }
        return names + extra.flatMap(\.text.names)
    }
}

/// A login whose answer is sent with every request.
struct SessionRules: Sendable {
    struct Injection: Sendable {
        var header: String
        var prefix: RequestText
        /// Sent as base64 after the prefix.
        var encoded: RequestText?
    }

    var login: RequestShape
    var ok: BodyCondition?
    var keep: [(name: String, path: Path)] = []
    /// Cookies of the answer are sent back.
    var usesCookies = false
    var inject: [Injection] = []
    /// Milliseconds; nil: until the system says no.
    var lifetime: Int64?
}

/// How the next page is asked for.
enum Paging: Sendable {
    enum Stop: Sendable {
        /// The path holds how many pages or records there are.
        case total(Path)
        /// The path is true while there are more.
        case more(Path)
        /// A page with fewer records than asked for is the last.
        case short
        case empty
    }

    case none
    /// One request for each of these; `total` says how many records an answer has, so that none is missing.
    case values([String], total: Path?)
    /// The path holds the next page's address.
    case next(Path, shifts: Bool)
    /// RFC 8288's `Link` header with this relation.
    case link(String)
    case number(first: Int, param: String?, size: Int, sizeParam: String?, stop: Stop)
    case offset(first: Int, param: String?, size: Int, sizeParam: String?, stop: Stop)
    /// The last record's value goes into a parameter.
    case cursor(from: Path, ofLastRecord: Bool, param: String, more: Path?)

    /// Pages are places in a list that moves while it is read: a record may slip from one page to another.
    var shifts: Bool {
        switch self {
        case .number, .offset: true
        case .next(_, let shifts): shifts
        case .none, .values, .link, .cursor: false
        }
    }

    var size: Int {
        switch self {
        case .number(_, _, let size, _, _), .offset(_, _, let size, _, _): size
        case .none, .values, .next, .link, .cursor: 0
        }
    }
}

/// Records of another list that belong to those of a page, fetched by their ids and put into them under a name.
struct AttachRules: Sendable {
    var name: String
    /// In a record, the ids of what belongs to it.
    var ids: Path
    /// In what is fetched, its id.
    var match: Path
    var records: Path
    var shape: RequestShape
    /// Ids in one request.
    var size: Int
}

/// A date window that the system insists on, walked from `start` to `ahead` of now.
struct WindowRules: Sendable {
    var fromParam: String?
    var toParam: String?
    var format: TimeFormat
    /// Milliseconds.
    var step: Int64
    var ahead: Int64
}

struct SyncRules: Sendable {
    var mode = Mapping.Sync.full
    var cursor: CursorReading?
    /// Where the first sync begins; nil: everything.
    var start: PullCursor?
    var format = TimeFormat.iso
    /// Milliseconds, or numbers of a sequence.
    var overlap: Int64 = 0
    /// A cursor older than this is of no use, and everything is read again. Milliseconds.
    var retention: Int64?
    /// Everything from the cursor's overlap on is listed every time: what is not there any more is gone.
    var absentIsGone = false
}
