// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `tieout VERB …`: arguments to verbs to exit codes, and nothing else.
@main
struct Tieout: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tieout",
        abstract:
            "Ties out what customers owe, what they paid and what they promised; feeds the agent that talks with them.",
        discussion: """
            One run is six verbs: import, reconcile, plan, deliver (outbox), confirm, report.
            Results go to stdout, as text or with --json as one JSON value; remarks go to stderr.
            Exit status: 0 done, 2 done but some input was refused, 1 failed with nothing half-done, 64 wrong usage.
            """,
        version: "0.1.0",
        subcommands: [
            ImportCommand.self, SyncCommand.self, SourceCommand.self, ServeCommand.self, PostCommand.self,
            ReadCommand.self,
            InspectCommand.self,
            ListCommand.self, ReconcileCommand.self, PromiseCommand.self,
            PlanCommand.self, OutboxCommand.self, ConfirmCommand.self, ReviewCommand.self, ExceptionCommand.self,
            DisputeCommand.self, HoldCommand.self, LinkCommand.self, ResendCommand.self, CloseCommand.self,
            ReopenCommand.self, ReportCommand.self, ExplainCommand.self, WhyCommand.self, VerifyCommand.self,
            MappingCommand.self, MemoryCommand.self, EvaluateCommand.self, DemoCommand.self,
        ])
}
