// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector
import Documents
import FoundationEssentials

/// `tieout demo`: the commands of `samples/quarter/story.yaml`, day by day, with the clock of the story.
struct Demonstration {
    let folder: String?

    func run(_ print: (String) -> Void) throws {
        var live = Environment.live()
        let stores = OpenStores()
        live.openStores = stores
        let samples = live.share + "/samples/quarter"
        let story = try Story.load(samples + "/story.yaml")
        let scratch = try makeFolder()
        let database = scratch + "/tieout.db"
        let common = ["--db", database, "--config", samples + "/tieout.yaml"]
        let stage = Stage(live: live, samples: samples, common: common)
        print(story.title)
        for day in story.days {
            if let sentence = day.sentence { print("\(day.day)  \(sentence)") }
            for line in try play(day, stage) { print("            › \(line)") }
        }
        guard let last = story.days.last else { return }
        let page = scratch + "/month-end.html"
        let pack = ["report", "month-end", "--month", story.lastMonth, "--format", "html", "--out", page]
        _ = try stage.output(pack, on: last)
        print(try Ending(stage: stage, story: story, day: last).text)
        print("Proved again from the log (tieout verify): \(try stage.output(["verify"], on: last))")
        try stores.close()
        print("The month-end pack, to open or print: \(page)")
        print("The books, to try things on: tieout list invoices --open \(common.joined(separator: " "))")
    }

    /// One day's commands.
    /// - Returns: The lines of what they printed that the story shows.
    private func play(_ day: Story.Day, _ stage: Stage) throws -> [String] {
        var printed: [(step: [String], text: String)] = []
        for step in day.steps {
            let text = step == ["deliver"] ? try stage.deliver(day) : try stage.output(step, on: day)
            printed.append((step, text))
        }
        return try day.shows.flatMap { show in
            let text = try printed.last { $0.step.starts(with: show.of) }?.text ?? stage.output(show.of, on: day)
            return show.lines(of: text)
        }
    }

    private func makeFolder() throws -> String {
        let manager = FileManager.default
        var generator = SystemRandomNumberGenerator()
        let path =
            folder ?? manager.temporaryDirectory.path + "/tieout-demo-" + String(generator.next() as UInt64, radix: 36)
        do {
            try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Failure("FOLDER", "The folder \(path) cannot be made.", hint: "Name one that can, with --folder.")
        }
        guard !manager.fileExists(atPath: path + "/tieout.db") else {
            throw ValidationError("\(path) holds a database already; name an empty folder.")
        }
        return path
    }
}

/// Where the story's commands run: its samples, its database, and the clock of its days.
struct Stage {
    let live: Environment
    let samples: String
    let common: [String]

    /// Runs a command as the command line would, and returns what it printed.
    func output(_ arguments: [String], on day: Story.Day) throws -> String {
        let lines = Gathered()
        let full =
            arguments.map { argument in
                let file = samples + "/" + argument
                return argument.contains(".") && live.fileExists(file) ? file : argument
            } + dated(arguments, day) + common
        do {
            let sink: @Sendable (String) -> Void = { lines.append($0) }
            try Surroundings.with(environment(day, arguments), sink: sink) {
                var command = try Tieout.parseAsRoot(full)
                try command.run()
            }
        } catch let code as ExitCode where code == .inputRefused {
            // Part of the story: some input is refused and listed.
        }
        return lines.joined
    }

    /// The agent of the story: claims, begins, sends and confirms everything that may be said, until nothing is due.
    /// - Returns: One line a message.
    func deliver(_ day: Story.Day) throws -> String {
        var lines: [String] = []
        while true {
            let claimed = try output(["outbox", "claim", "--limit", "1000"], on: day).split(separator: "\n")
            let messages = claimed.compactMap { Story.Claimed(String($0)) }
            guard !messages.isEmpty else { return lines.joined(separator: "\n") }
            var request = Workplace.Request()
            request.database = common[1]
            request.configuration = common[3]
            request.asOf = Documents.Day(day.day)
            let agent = try Workplace.open(request, environment: environment(day, ["deliver"]))
            var confirmations: [String] = []
            for message in messages {
                let provider = "wamid.demo." + message.id.prefix(12)
                guard try !agent.begin(message.id, token: message.token).failed else { continue }
                _ = try agent.acknowledge(
                    message.id, token: message.token, provider: "whatsapp", providerMessageID: provider)
                lines.append(message.words)
                confirmations += ["sent", "delivered"].map {
                    "{\"type\":\"confirmation\",\"message_id\":\"\(message.id)\",\"status\":\"\($0)\","
                        + "\"provider\":\"whatsapp\",\"provider_message_id\":\"\(provider)\",\"at\":\"\(day.at.text)\"}"
                }
            }
            guard !confirmations.isEmpty else { return lines.joined(separator: "\n") }
            let file = common[1] + ".confirmations.jsonl"
            try Data(confirmations.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
            _ = try agent.confirm(file)
            try FileManager.default.removeItem(atPath: file)
        }
    }

    /// The story's clock, and chance that is the same every time.
    private func environment(_ day: Story.Day, _ arguments: [String]) -> Environment {
        var environment = live
        environment.now = { day.at }
        environment.log = { _ in }
        var seed = UInt64(bitPattern: day.at.milliseconds)
        for argument in arguments { seed = seed &* 31 &+ UInt64(argument.utf8.count) }
        let counter = Counter(seed)
        environment.random = { counter.next() }
        return environment
    }

    private func dated(_ arguments: [String], _ day: Story.Day) -> [String] {
        arguments.contains("--as-of") ? [] : ["--as-of", day.day]
    }
}
