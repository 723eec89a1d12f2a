// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Brings files into the books; each file lands as a whole or not at all.",
        discussion: "Importing the same bytes again changes nothing and says so.")

    @OptionGroup var common: VerbOptions
    @Option(help: "The mapping to read tables with: a name or a path.") var mapping: String?
    @Option(name: .customLong("as"), help: "What it holds: invoices, payments, customers, promises, balances.")
    var kind: String?
    @Flag(name: .customLong("dry-run"), help: "The same, then rolled back.") var dryRun = false
    @Flag(name: .customLong("accept-drop"), help: "Accept a snapshot that is more than 5 % smaller than before.")
    var acceptDrop = false
    @Option(
        name: .customLong("control-total"),
        help: ArgumentHelp("What the file's open amounts must sum to.", valueName: "1180.00EUR"))
    var controlTotal: [String] = []
    @Option(
        help: ArgumentHelp(
            "Keep the rows that are left out here, to be corrected and imported again; else beside the database.",
            valueName: "path"))
    var rejects: String?
    @Flag(help: "The file is a part: what is absent from it stays as it is, even where the mapping reads snapshots.")
    var partial = false
    @Option(
        help: ArgumentHelp(
            "Entries of days that another form of the statement brought: the same payments, or other ones.",
            valueName: "same|other"))
    var overlap: String?
    @Option(help: "Who imports; kept in the log.") var actor = "import"
    @Argument(help: "Files or folders; - for stdin.") var paths: [String]

    func validate() throws {
        guard let overlap, !["same", "other"].contains(overlap) else { return }
        throw ValidationError("--overlap is “same” or “other”, not “\(overlap)”.")
    }

    func run() throws {
        let workplace = try common.open()
        var options = Workplace.ImportOptions()
        options.mapping = mapping
        options.kind = kind
        options.dryRun = dryRun
        options.acceptDrop = acceptDrop
        options.controlTotals = controlTotal
        options.actor = actor
        options.rejects = rejects
        options.partial = partial
        options.overlap = overlap
        let outcome = try workplace.importFiles(paths, options)
        if common.json { Output.json(outcome.json) } else { Output.text(outcome.text) }
        if let stop = outcome.stop { throw stop.error }
        if outcome.anyRefused { throw ExitCode.inputRefused }
    }
}
