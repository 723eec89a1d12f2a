// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct TrySource: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Pulls and shows the first ten records as they would land; nothing lands.")

    @OptionGroup var common: VerbOptions
    @Argument(help: "The source.") var source: String

    func run() throws {
        let answer = try common.open().trySource(source, .live())
        Output.answer(answer, json: common.json)
        if answer.failed { throw ExitCode.failure }
    }
}

struct AddSource: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a system to tieout.yaml: asks for what it needs, and shows the first records.",
        discussion: """
            Where its secrets are set already, it is authorised in a browser if it needs that, and the first ten \
            records of each stream are shown as they would land; nothing lands. Else it says which secrets are to be set.
            """)

    @OptionGroup var common: VerbOptions
    @OptionGroup var permission: PermissionOptions
    @Option(help: "The id of the source; else the mapping's name.") var id: String?
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A value that the mapping needs.", valueName: "name=value"))
    var values: [String] = []
    @Option(help: "When it is due, such as \"*/30 6-20 * * MON-FRI\".") var schedule: String?
    @Argument(help: "The system: a name in mappings/rest, or a path.") var mapping: String

    func run() throws {
        let workplace = try common.open()
        var new = Workplace.NewSource(id: id ?? mapping, mapping: mapping)
        new.schedule = schedule
        for value in values {
            let pair = value.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else {
                throw ValidationError("--set takes name=value, not “\(value)”.")
            }
            new.config[String(pair[0])] = String(pair[1])
        }
        for name in try workplace.missingConfig(new) {
            let note = try workplace.noteOnConfig(name, of: mapping).map { " (\($0))" } ?? ""
            Output.text("\(mapping) needs \(name)\(note):")
            guard let line = readLine(), !line.isEmpty else { break }
            new.config[name] = line
        }
        var answer = try workplace.addSource(new, to: common.config ?? "tieout.yaml")
        let added = try common.open()
        if let toSet = try added.secretsToSet(new.id, .live()) {
            answer.text += "\n" + toSet
        } else {
            let first =
                try added.isAuthorisedByPerson(new.id, .live())
                ? permission.obtain(for: new.id, added) : added.trySource(new.id, .live())
            answer = answer.followed(by: first, under: "trial")
        }
        Output.answer(answer, json: common.json)
        if answer.failed { throw ExitCode.failure }
    }
}
