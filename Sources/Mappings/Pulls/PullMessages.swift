// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Trees

/// A request that is to be sent now, whole.
package struct PullRequest: Hashable, Sendable {
    package enum Purpose: String, Sendable {
        case page, attach, token, login
    }

    package let purpose: Purpose
    package let method: String
    package let url: WebAddress
    /// Credentials included: never shown.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]?
    /// How the answer is written.
    package let format: Mapping.FileFormat

    /// The same with credentials, which stand for what it says under their names itself.
    /// - Parameter link: where it goes instead.
    func signed(_ credentials: [(name: String, value: String)], to link: WebAddress? = nil) -> PullRequest {
        let names = credentials.map { $0.name.lowercased() }
        let own = headers.filter { !names.contains($0.name.lowercased()) }
        return PullRequest(
            purpose: purpose, method: method, url: link ?? url, headers: own + credentials, body: body, format: format)
    }

    /// Its answer holds records, not tokens.
    package var isForRecords: Bool { purpose == .page || purpose == .attach }

    package static func == (left: PullRequest, right: PullRequest) -> Bool {
        left.purpose == right.purpose && left.method == right.method && left.url == right.url
            && left.body == right.body
            && left.headers.elementsEqual(right.headers) { $0.name == $1.name && $0.value == $1.value }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(method)
        hasher.combine(url)
        hasher.combine(body)
    }
}

/// What came back.
package struct PullAnswer: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    /// The body as a tree; nil when it is empty or no JSON and no XML.
    package var tree: Node?
    /// What the reader of the body said when it is no tree.
    package var problem: Fault?
    /// Bytes of the body.
    package var size: Int

    package init(
        status: Int, headers: [(name: String, value: String)] = [], tree: Node? = nil, problem: Fault? = nil,
        size: Int = 0
    ) {
        self.status = status
        self.headers = headers
        self.tree = tree
        self.problem = problem
        self.size = size
    }

    /// A header by its lower-case name, blanks around taken off.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }.map { header in
            String(header.value.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    var isSuccess: Bool { (200..<300).contains(status) }
}

/// Why there is no answer.
package struct PullLoss: Hashable, Sendable {
    /// Trying again may help: a timeout, a broken connection, a body cut short.
    package var isPassing: Bool
    package var code: String
    package var message: String

    package init(_ code: String, isPassing: Bool, _ message: String) {
        self.code = code
        self.isPassing = isPassing
        self.message = message
    }
}

/// What a source's credentials have become; kept encrypted between runs.
package struct Credential: Hashable, Sendable {
    package var refreshToken: String?
    package var accessToken: String?
    package var expiresAt: Timestamp?
    /// When the token was fetched.
    package var issuedAt: Timestamp?

    package init(
        refreshToken: String? = nil, accessToken: String? = nil, expiresAt: Timestamp? = nil,
        issuedAt: Timestamp? = nil
    ) {
        self.refreshToken = refreshToken
        self.accessToken = accessToken
        self.expiresAt = expiresAt
        self.issuedAt = issuedAt
    }
}

/// What a pull is told from outside.
package struct PullSetting: Sendable {
    package var config: [String: String] = [:]
    package var secrets: [String: String] = [:]
    /// Where the last committed run ended; nil: nothing was pulled before.
    package var cursor: PullCursor?
    /// Chance, for the jitter of retries.
    package var seed: UInt64 = 0
    /// For systems that want a signed token instead of a secret.
    package var signer: TokenSigner?
    /// `http` is allowed to this machine only, unless this is set.
    package var allowsPlainHTTP = false
    package var bounds = Bounds()

    /// Whether what is said to an address is nobody else's to read.
    func allows(_ url: WebAddress) -> Bool { url.scheme == "https" || url.isLoopback || allowsPlainHTTP }

    /// Where a pull stops by itself.
    package struct Bounds: Sendable {
        package var pagesMax = 100_000
        package var recordsMax = 20_000_000
        package var passesMax = 3
        /// A wait longer than this ends the run; the schedule tries again. Milliseconds.
        package var waitMax: Int64 = 3_600_000
        package var retriesMax = 3
        /// Bodies of one run together.
        package var bytesMax = 8 << 30
        /// Milliseconds from the first request of a run.
        package var timeMax: Int64 = 6 * 3_600_000

        package init() {}
    }

    package init() {}
}

/// One page's records.
package struct PullPage: Sendable {
    /// From 1, through all passes.
    package let number: Int
    /// From 1; what earlier passes brought is obsolete.
    package let pass: Int
    package internal(set) var records: [Record]
}

/// What a pull that reached its end has to say.
package struct PullCompletion: Hashable, Sendable {
    /// Where the next run begins from, to be committed with the rows; nil when it must stay where it is.
    package var cursor: PullCursor?
    /// Everything the system has was read, so that what is absent is absent.
    package var isWhole = false
    /// From this place on the list had to hold every payment (`Service.Stream.place`); nil where absence says nothing.
    package var listedFrom: Int64?
    package var count = PullCount()
    package var warnings: [Fault] = []
}

package struct PullCount: Hashable, Sendable {
    package var requests = 0
    package var retries = 0
    package var pages = 0
    package var passes = 1
    package var records = 0
    package var bytes = 0
    package var waited: Int64 = 0
}

/// What to do next; the machine does nothing itself.
package enum PullAction: Sendable {
    /// Send it, then `receive` or `lose`.
    case send(PullRequest)
    /// Come back then.
    case wait(until: Timestamp)
    /// Make it durable before anything else, then `kept`.
    case keep(Credential)
    /// Take the records.
    case page(PullPage)
    case done(PullCompletion)
    /// The run is over and nothing of it may land.
    case fail(Fault)
}
