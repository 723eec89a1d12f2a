// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists what the books hold, one JSON object a line.")

    @OptionGroup var common: VerbOptions
    @Argument(
        help:
            "invoices, payments, customers, promises, allocations, messages, exceptions, imports, items or statements.")
    var what: Workplace.Listing
    @Flag(help: "Only what is open.") var open = false
    @Option(help: "Only this customer's.") var customer: String?

    func run() throws {
        let workplace = try common.open()
        try workplace.list(what, openOnly: open, customer: customer) { Output.json($0) }
    }
}

extension Workplace.Listing: ExpressibleByArgument {}

struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Settles open items with the payments that prove it; never a guess.")

    @OptionGroup var common: VerbOptions
    @Flag(name: .customLong("dry-run"), help: "Decides and shows, changes nothing.") var dryRun = false
    @Flag(name: .customLong("fail-on-review"), help: "Exit with 2 when something waits for a person.")
    var failOnReview = false
    @Option(help: ArgumentHelp("Write every decision as CSV.", valueName: "file.csv")) var allocations: String?
    @Flag(help: "Also say how long reading, matching and writing took.") var timings = false

    func run() throws {
        let answer = try common.open().reconcile(dryRun: dryRun, allocations: allocations, timings: timings)
        Output.answer(answer, json: common.json)
        if failOnReview && answer.needsReview { throw ExitCode.inputRefused }
    }
}

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "What would be said to whom and what would not, each with its rules.",
        discussion: "Without --dry-run the messages are in the outbox afterwards.")

    @OptionGroup var common: VerbOptions
    @Flag(name: .customLong("dry-run"), help: "Shows the plan, puts nothing in the outbox.") var dryRun = false

    func run() throws {
        Output.answer(try common.open().plan(dryRun: dryRun), json: common.json)
    }
}

struct ConfirmCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm", abstract: "Takes confirmations and signals, one JSON object a line, in any order.",
        discussion: """
            {"type":"confirmation","message_id":"…","status":"delivered","at":"2026-08-18T08:10:00Z"}
            {"type":"signal","kind":"promise","customer":"C-1","invoices":["2026-101"],
             "amount":"180.00","currency":"EUR","promised_for":"2026-08-25","confirmed":true,"at":"2026-08-18T08:12:00Z"}
            status: accepted, sent, delivered, read, failed or replied. kind: promise, claimed_payment, dispute,
            invoice_request, hardship, opt_out, opt_in, identity_confirmed, wrong_party, plan_request, callback,
            or other. What is seen again changes nothing; a bad line is listed, and the others land.
            All fields: docs/guides/confirm.md.
            """)

    @OptionGroup var common: VerbOptions
    @Argument(help: "A file; - or nothing for stdin.") var path = "-"

    func run() throws {
        let answer = try common.open().confirm(path, .live())
        Output.answer(answer, json: common.json)
        if answer.failed { throw ExitCode.inputRefused }
    }
}

struct CloseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Freezes a month: its closing is the next one's opening, with a digest.")

    @OptionGroup var common: VerbOptions
    @Option(help: "yyyy-MM") var month: String
    @Option(help: "Who closes.") var actor = "close"

    func validate() throws { try PersonOptions.require(actor, "--actor", "who closes") }

    func run() throws {
        Output.answer(try common.open().close(month: month, actor: actor), json: common.json)
    }
}

struct ReopenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reopen", abstract: "Opens the last closed month again; needs a reason and a second person.")

    @OptionGroup var common: VerbOptions
    @OptionGroup var person: PersonOptions
    @Option(help: "yyyy-MM") var month: String
    @Option(name: .customLong("second-person"), help: "Who approves it; not the actor.") var secondPerson: String

    func validate() throws { try PersonOptions.require(secondPerson, "--second-person", "who approves it") }

    func run() throws {
        let answer = try common.open().reopen(
            month: month, actor: person.actor, secondPerson: secondPerson, reason: person.reason)
        Output.answer(answer, json: common.json)
    }
}

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Reports: aging, month-end, statement, promises, unapplied, allocations, "
            + "adjustments, deliveries, exceptions, clearing, matching.")

    @OptionGroup var common: VerbOptions
    @Argument(help: "The report's name.") var name: Workplace.ReportName
    @Option(help: "yyyy-MM; the month that as-of lies in, when left out.") var month: String?
    @Option(name: .customLong("known-at"), help: "As it was known at this time (RFC 3339).") var knownAt: String?
    @Option(help: "Only this customer's, for a statement.") var customer: String?
    @Option(help: "text, csv, json or html.") var format: Workplace.ReportFormat?
    @Option(help: ArgumentHelp("Write it here instead of stdout.", valueName: "path")) var out: String?

    func run() throws {
        var request = Workplace.ReportRequest(name: name)
        request.month = month
        request.knownAt = knownAt
        request.customer = customer
        let asked: Workplace.ReportFormat = format ?? (common.json ? .json : .text)
        let text = try common.open().report(request, format: asked, out: out)
        if let text { Output.text(text) }
    }
}

extension Workplace.ReportName: ExpressibleByArgument {}
extension Workplace.ReportFormat: ExpressibleByArgument {}

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "The chain from a figure to the bytes it came from.")

    @OptionGroup var common: VerbOptions
    @Argument(help: "An invoice (number or id), payment, promise, message or decision.") var id: String

    func run() throws { Output.answer(try common.open().explain(id), json: common.json) }
}

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Why something was or was not said: every gate with its answer.")

    @OptionGroup var common: VerbOptions
    @Argument(help: "A message or a customer.") var id: String

    func run() throws { Output.answer(try common.open().why(id), json: common.json) }
}

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Proves every invariant again from the log; exit 1 with the first that fails.")

    @OptionGroup var common: VerbOptions

    func run() throws {
        let answer = try common.open().verify()
        Output.answer(answer, json: common.json)
        if answer.failed { throw ExitCode.failure }
    }
}

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "The whole loop on samples/, day by day, in a scratch folder.")

    @Option(help: ArgumentHelp("Keep everything here instead of a new temporary folder.", valueName: "folder"))
    var folder: String?

    func run() throws {
        try Demonstration(folder: folder).run { Output.text($0) }
    }
}
