// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector
import Documents
import FoundationEssentials

/// `tieout demo`: the commands of `samples/quarter/story.yaml`, day by day, with the clock of the story.
struct Demonstration {
    let folder: String?

    func run(_ print: (String) -> Void) throws {
        let live = Environment.live()
        let samples = live.share + "/samples/quarter"
        let story = try Story.load(samples + "/story.yaml")
        let scratch = try makeFolder()
        let database = scratch + "/tieout.db"
        let common = ["--db", database, "--config", samples + "/tieout.yaml"]
        print("Tieout: a quarter of one small company, from files, in one SQLite database.\n")
        for day in story.days {
            if let sentence = day.sentence { print("\(day.day)  \(sentence)") }
            try play(day, common, samples, live)
        }
        let last = story.days.last
        let page = scratch + "/month-end.html"
        let closing = try [
            ["verify"],
            ["report", "month-end", "--month", story.lastMonth, "--format", "html", "--out", page],
            ["report", "aging", "--format", "html", "--out", scratch + "/aging.html"],
        ].map { try output($0 + asOf($0, last?.day) + common, at: last?.at, live) }
        print(try Ending(common: common, story: story, live: live, run: output).text)
        print(closing[0])
        print("The month-end pack: \(page)")
        print("The database, for trying things: \(database) (tieout list invoices --open --db \(database) --config \(samples)/tieout.yaml)")
    }

    /// One day's commands; what they print is not shown.
    private func play(_ day: Story.Day, _ common: [String], _ samples: String, _ live: Environment) throws {
        for step in day.steps {
            guard let verb = step.first else { continue }
            let arguments = step.map { argument in
                argument.contains(".") && live.fileExists(samples + "/" + argument) ? samples + "/" + argument : argument
            }
            if verb == "deliver" {
                try deliver(day, common, live)
            } else {
                _ = try output(arguments + asOf(arguments, day.day) + common, at: day.at, live)
            }
        }
    }

    private func asOf(_ arguments: [String], _ day: String?) -> [String] {
        guard let day, !arguments.contains("--as-of") else { return [] }
        return ["--as-of", day]
    }

    /// Runs a command as the command line would, and returns what it printed.
    private func output(_ arguments: [String], at time: Timestamp?, _ live: Environment) throws -> String {
        let lines = Gathered()
        var environment = live
        if let time { environment.now = { time } }
        environment.log = { _ in }
        var seed = UInt64(bitPattern: time?.milliseconds ?? 0)
        for argument in arguments { seed = seed &* 31 &+ UInt64(argument.utf8.count) }
        let counter = Counter(seed)
        environment.random = { counter.next() }
        do {
            try Surroundings.$environment.withValue(environment) {
                try Surroundings.$sink.withValue({ lines.append($0) }) {
                    var command = try Tieout.parseAsRoot(arguments)
                    try command.run()
                }
            }
        } catch let code as ExitCode where code == .inputRefused {
            // Part of the story: some input is refused and listed.
        }
        return lines.joined
    }

    /// The agent of the story: claims, begins, sends and confirms everything that may be said.
    private func deliver(_ day: Story.Day, _ common: [String], _ live: Environment) throws {
        let dated = asOf([], day.day) + common
        let claimed = try output(["outbox", "claim", "--limit", "1000"] + dated, at: day.at, live)
        for line in claimed.split(separator: "\n") {
            guard let (id, token) = Story.claim(String(line)) else { continue }
            let begun = try? output(["outbox", "begin", id, "--token", token] + dated, at: day.at, live)
            guard begun != nil else { continue }
            let provider = "wamid.demo." + id.prefix(12)
            _ = try output(
                ["outbox", "ack", id, "--token", token, "--provider-message-id", provider] + dated, at: day.at, live)
            let file = FileManager.default.temporaryDirectory.path + "/tieout-demo-\(id).jsonl"
            let confirmations = ["sent", "delivered"].map {
                "{\"type\":\"confirmation\",\"message_id\":\"\(id)\",\"status\":\"\($0)\",\"provider\":\"whatsapp\","
                    + "\"provider_message_id\":\"\(provider)\",\"at\":\"\(day.at.text)\"}"
            }
            try Data(confirmations.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
            _ = try output(["confirm", file] + dated, at: day.at, live)
            try? FileManager.default.removeItem(atPath: file)
        }
    }

    private func makeFolder() throws -> String {
        let manager = FileManager.default
        var generator = SystemRandomNumberGenerator()
        let path =
            folder ?? manager.temporaryDirectory.path + "/tieout-demo-" + String(generator.next() as UInt64, radix: 36)
        try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard !manager.fileExists(atPath: path + "/tieout.db") else {
            throw ValidationError("\(path) holds a database already; name an empty folder.")
        }
        return path
    }
}
