// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Testing
import TieoutTesting

struct SourceAddTests {
    private func workplace(_ folder: ScratchFolder) throws -> Workplace {
        var request = Workplace.Request()
        request.configuration = folder.path("tieout.yaml")
        request.database = folder.path("books.db")
        var environment = Environment.live()
        environment.share = Repository.root.path
        return try Workplace.open(request, environment: environment)
    }

    private func exact() -> Workplace.NewSource {
        var new = Workplace.NewSource(id: "exact", mapping: "exact-online")
        new.config = ["division": "7"]
        new.schedule = "*/30 6-20 * * MON-FRI"
        return new
    }

    @Test(arguments: [
        "companies:\n  - id: acme\n    home_currency: EUR\n",
        "companies:\n  - id: acme\n    sources:\n      - { id: bank, files: [\"*.xml\"] }\n    time_zone: Europe/Amsterdam\n",
        "# ours\ncompanies:\n- id: 'other'\n- id: 'acme'\n  sources:\n  - id: bank\n    files: ['*.xml']\n",
    ]) func `A source is added, and every other line stays`(_ text: String) throws {
        let folder = try ScratchFolder("add")
        let path = try folder.write(text, to: "tieout.yaml")
        var request = Workplace.Request()
        request.configuration = path
        request.database = folder.path("books.db")
        request.company = "acme"
        var environment = Environment.live()
        environment.share = Repository.root.path
        var new = exact()
        if !text.contains("home_currency") { new.config["home_currency"] = "EUR" }
        let answer = try Workplace.open(request, environment: environment).addSource(new, to: path)
        #expect(answer.text == "exact is in \(path).")
        let after = try String(contentsOfFile: path, encoding: .utf8)
        for line in text.split(separator: "\n") { #expect(after.contains(line)) }
        let workplace = try Workplace.open(request, environment: environment)
        let (clientID, secret) = ("TIEOUT_SECRET_EXACT_CLIENT_ID", "TIEOUT_SECRET_EXACT_CLIENT_SECRET")
        let next = "then: tieout source authorise exact"
        var surroundings = SyncSurroundings.live()
        surroundings.variables = [:]
        #expect(try workplace.secretsToSet("exact", surroundings) == "Set \(clientID) and \(secret), \(next)")
        surroundings.variables[clientID] = "known"
        #expect(try workplace.secretsToSet("exact", surroundings) == "Set \(secret), \(next)")
        surroundings.variables[secret] = "known"
        #expect(try workplace.secretsToSet("exact", surroundings) == nil)
        let books = workplace.books
        #expect(books.company.homeCurrency == .eur)
        let source = try #require(books.sources.first { $0.id == "exact" })
        #expect(source.pull?.config == ["division": "7"] && source.pull?.schedule?.text == "*/30 6-20 * * MON-FRI")
        #expect(books.sources.count == (text.contains("bank") ? 2 : 1))
        #expect(throws: Failure.self) {
            try Workplace.open(request, environment: environment).addSource(exact(), to: path)
        }
    }

    @Test func `What the mapping needs is asked for, and a file that cannot be added to stays as it is`() throws {
        let folder = try ScratchFolder("add")
        let text = "companies: [{ id: acme, home_currency: EUR }]\n"
        let path = try folder.write(text, to: "tieout.yaml")
        var new = exact()
        new.config = [:]
        #expect(try workplace(folder).missingConfig(new) == ["division"])
        #expect(throws: Failure.self) { try workplace(folder).addSource(new, to: path) }
        do {
            _ = try workplace(folder).addSource(exact(), to: path)
            Issue.record("it was added")
        } catch let failure as Failure {
            #expect(failure.code == "CONFIG-EDIT" && failure.hint.contains("mapping: 'exact-online'"))
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test func `A currency is asked for where the system's records need one and the company has none`() throws {
        let folder = try ScratchFolder("add")
        let path = folder.path("tieout.yaml")
        var new = exact()
        // Without a file at all, and with a company that says nothing of it.
        #expect(try bare(folder).missingConfig(new) == ["home_currency"])
        #expect(try bare(folder).noteOnConfig("home_currency", of: "exact-online")?.contains("EUR") == true)
        #expect(try bare(folder).noteOnConfig("division", of: "exact-online") == "The number of the administration")
        // Stripe's invoices say their currency.
        #expect(try bare(folder).missingConfig(Workplace.NewSource(id: "s", mapping: "stripe")) == [])
        new.config["home_currency"] = "EURO"
        #expect { try bare(folder).addSource(new, to: path) } throws: { ($0 as? Failure)?.code == "CURRENCY" }
        #expect(!FileManager.default.fileExists(atPath: path))
        new.config["home_currency"] = "CHF"
        _ = try bare(folder).addSource(new, to: path)
        let books = try workplace(folder).books
        #expect(books.company.homeCurrency?.code == "CHF")
        #expect(books.sources.first?.pull?.config == ["division": "7"])
        #expect(try workplace(folder).missingConfig(exact()) == [])
    }

    /// Before there is a configuration.
    private func bare(_ folder: ScratchFolder) throws -> Workplace {
        var request = Workplace.Request()
        request.database = folder.path("books.db")
        var environment = Environment.live()
        environment.share = Repository.root.path
        return try Workplace.open(request, environment: environment)
    }
}
