// SPDX-License-Identifier: Apache-2.0
package import Documents
import Formats
import FoundationEssentials
import Mappings
import Store

/// One run's surroundings: whose books, which database, which day, and everything it may touch.
package struct Workplace: Sendable {
    /// What the command line asked for.
    package struct Request: Sendable {
        package var database: String?
        package var configuration: String?
        package var company: String?
        package var asOf: Day?

        package init() {}
    }

    package let environment: Environment
    package let configuration: Configuration
    /// Where the database lies.
    package let database: String
    /// The business day: `--as-of`, else the wall clock's day in the company's zone.
    package let today: Day
    package let books: Configuration.Books
    /// When reconcile reads a part of the ledger only; what it decides is the same.
    package var reach = Reach()

    package var company: Company { books.company }

    package init(
        environment: Environment, configuration: Configuration, database: String, today: Day,
        books: Configuration.Books
    ) {
        self.environment = environment
        self.configuration = configuration
        self.database = database
        self.today = today
        self.books = books
    }

    package static func open(_ request: Request, environment: Environment) throws -> Workplace {
        let configuration = try loadConfiguration(request.configuration)
        let books = try choose(request.company, configuration)
        let variable = ProcessInfo.processInfo.environment["TIEOUT_DB"]
        let database =
            request.database ?? variable
            ?? configuration.database.map { absolute($0, in: configuration.folder) } ?? "tieout.db"
        let now = environment.now()
        let local = books.company.timeZone.flatMap { ZonedTime(now, zone: $0)?.day }
        return Workplace(
            environment: environment, configuration: configuration, database: database,
            today: request.asOf ?? local ?? now.dayUTC, books: books)
    }

    /// The instant decisions about quiet hours are made for: now, or ten in the morning of another business day.
    package func decisionTime() -> Timestamp {
        let now = environment.now()
        let zone = company.timeZone ?? "UTC"
        let local = ZonedTime(now, zone: zone)?.day ?? now.dayUTC
        guard today != local else { return now }
        return ZonedTime.instant(day: today, minute: 600, zone: zone) ?? now
    }

    /// Nobody's books are read by a wrong name: a company that is neither configured nor in the database.
    func requireCompany(_ session: Session) throws {
        let known = try session.companies()
        guard configuration.companies.isEmpty, !known.isEmpty, !known.contains(company.id) else { return }
        throw Failure(
            "COMPANY-UNKNOWN", "There is no company “\(company.id)” in \(database).",
            hint: "It holds: \(known.joined(separator: ", ")).")
    }

    /// The ids of the companies that a configuration names.
    package static func companies(_ request: Request) throws -> [String] {
        let ids = try loadConfiguration(request.configuration).companies.map(\.company.id)
        return ids.isEmpty ? ["default"] : ids
    }

    private static func choose(
        _ id: String?, _ configuration: Configuration
    ) throws -> Configuration.Books {
        if let id, let found = configuration.companies.first(where: { $0.company.id == id }) { return found }
        if let id, !configuration.companies.isEmpty {
            throw Failure(
                "COMPANY-UNKNOWN", "There is no company “\(id)” in the configuration.",
                hint: "Configured: \(configuration.companies.map(\.company.id).joined(separator: ", ")).")
        }
        if configuration.companies.count > 1 {
            throw Failure(
                "COMPANY-NEEDED", "The configuration has several companies.",
                hint: "Say which: --company \(configuration.companies[0].company.id).")
        }
        if let only = configuration.companies.first { return only }
        return Configuration.Books(
            company: Company(id: id ?? "default"), policy: nil, sources: [], mappingValues: [:])
    }

    private static func loadConfiguration(_ path: String?) throws -> Configuration {
        let manager = FileManager.default
        let file = path ?? "tieout.yaml"
        guard path != nil || manager.fileExists(atPath: file) else {
            return Configuration(folder: manager.currentDirectoryPath)
        }
        guard let data = manager.contents(atPath: file) else {
            throw Failure(
                "CONFIG-MISSING", "The configuration \(file) cannot be read.", hint: "Check the path given to --config."
            )
        }
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        let (node, faults) = YAMLReader.read(String(decoding: data, as: UTF8.self))
        guard let node, faults.isEmpty else { throw refused(file, faults) }
        let (configuration, problems) = Configuration.compile(node, folder: folder)
        guard problems.isEmpty else { throw refused(file, problems) }
        return configuration
    }

    static func refused(_ file: String, _ faults: [Fault]) -> Failure {
        let lines = faults.map { "\(file), \($0.at.text): \($0.message.sentence) \($0.hint)" }
        return Failure("CONFIG", lines.joined(separator: "\n"), hint: "Nothing was done.")
    }

    static func absolute(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : folder + "/" + path
    }
}
