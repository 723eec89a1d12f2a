// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector
import Trees

struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "What the machine would not decide alone.",
        subcommands: [List.self, Show.self, Accept.self, Reject.self, Allocate.self, Undo.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Waiting decisions, by money and certainty, one JSON object a line.")
        @OptionGroup var common: VerbOptions
        @Option(help: "Only what this rule proposes, as NUMBER-OVER.") var rule: String?
        @Flag(help: "Payment ids only, a line each: read them, then hand them to accept or reject.") var ids = false
        func run() throws {
            for review in try common.open().reviews(rule: rule) {
                if ids { Output.text(review["payment_id"]?.scalar ?? "") } else { Output.json(review) }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "One decision with its evidence and alternatives, or all that wait, the most money first.")
        @OptionGroup var common: VerbOptions
        @Argument(help: "A payment or decision id; without one, what waits.") var id: String?
        @Option(help: "How many of those that wait.") var limit = 20
        @Option(help: "Only what this rule proposes, as NUMBER-OVER.") var rule: String?
        func run() throws {
            let workplace = try common.open()
            Output.answer(
                try id.map { try workplace.review($0) } ?? workplace.reviews(first: limit, rule: rule),
                json: common.json)
        }
    }

    struct Accept: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept", abstract: "Books the proposal, or one of its alternatives.",
            discussion: """
                Of several ids each is an act of its own: one that fails leaves the others booked, and the exit status is 2.
                tieout review list --rule NUMBER-OVER --ids   shows which; then
                tieout review accept ID ID … --reason …       with TIEOUT_ACTOR set
                """)
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument(help: "Payment or decision ids.") var ids: [String]
        @Option(help: "The alternative's number, from 1.") var alternative: Int?
        @Option(
            name: .customLong("second-person"),
            help: "Who approves a large discount, fee, withholding or write-off; not the actor.")
        var secondPerson: String?

        func validate() throws {
            if let secondPerson { try PersonOptions.require(secondPerson, "--second-person", "who approves it") }
        }

        func run() throws {
            let workplace = try common.open()
            try Several.act(ids, json: common.json) { id in
                try workplace.acceptReview(
                    id, alternative: alternative, actor: person.actor, reason: person.reason,
                    secondPerson: secondPerson)
            }
        }
    }

    struct Reject: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reject",
            abstract:
                "Refuses the proposal; it is not made again, and the payment is tried again with what comes later.",
            discussion: "Of several ids each is an act of its own: one that fails leaves the others done.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument(help: "Payment or decision ids.") var ids: [String]
        @Flag(
            name: .customLong("not-receivable"),
            help: "What is left of the money is no customer's: it is set aside, a bank's charge on a return too.")
        var notReceivable = false
        func run() throws {
            let workplace = try common.open()
            try Several.act(ids, json: common.json) { id in
                try workplace.rejectReview(
                    id, notReceivable: notReceivable, actor: person.actor, reason: person.reason)
            }
        }
    }

    struct Allocate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "allocate", abstract: "Books a payment, a credit or an adjustment on items by hand.",
            discussion: """
                tieout review allocate PAYMENT --to INVOICE=100.00 --to INVOICE2=20.00 --actor … --reason …
                tieout review allocate PAYMENT --to INVOICE=100.00 --late-charges INVOICE=2.50 … interest paid on top
                tieout review allocate CREDIT-NOTE --to INVOICE=100.00 …        nets an open credit
                tieout review allocate --write-off INVOICE=5.00 --second-person … also discount, fee, withholding, rounding
                """)
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument(help: "A payment or an open credit; left out for adjustments alone.") var id: String?
        @Option(help: ArgumentHelp("Cash or credit on an item.", valueName: "item=amount")) var to: [String] = []
        @Option(help: ArgumentHelp(valueName: "item=amount")) var discount: [String] = []
        @Option(help: ArgumentHelp(valueName: "item=amount")) var fee: [String] = []
        @Option(help: ArgumentHelp(valueName: "item=amount")) var withholding: [String] = []
        @Option(name: .customLong("write-off"), help: ArgumentHelp(valueName: "item=amount")) var writeOff: [String] =
            []
        @Option(help: ArgumentHelp(valueName: "item=amount")) var rounding: [String] = []
        @Option(help: ArgumentHelp("Realised exchange difference.", valueName: "item=amount")) var exchange: [String] =
            []
        @Option(
            name: .customLong("late-charges"),
            help: ArgumentHelp("Interest and fines that the payment paid on top of the item.", valueName: "item=amount")
        )
        var lateCharges: [String] = []
        @Option(
            help: ArgumentHelp("The payment whose unapplied cash this refund pays out.", valueName: "payment=amount"))
        var refunds: [String] = []
        @Option(name: .customLong("second-person"), help: "Who approves a write-off or a large amount; not the actor.")
        var secondPerson: String?

        func validate() throws {
            if let secondPerson { try PersonOptions.require(secondPerson, "--second-person", "who approves it") }
        }

        func run() throws {
            var request = Workplace.ManualAllocation(actor: person.actor, reason: person.reason)
            request.source = id
            request.secondPerson = secondPerson
            request.lines = [
                (.cash, to), (.discount, discount), (.fee, fee), (.withholding, withholding), (.writeOff, writeOff),
                (.rounding, rounding), (.exchange, exchange), (.lateCharges, lateCharges), (.refund, refunds),
            ].flatMap { kind, texts in texts.map { Workplace.ManualAllocation.Line(kind: kind, text: $0) } }
            Output.answer(try common.open().allocate(request), json: common.json)
        }
    }

    struct Undo: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "undo", abstract: "Takes a committed decision back, exactly.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument(help: "A decision id, or a payment's: then the latest that is booked of it.") var id: String
        func run() throws {
            let answer = try common.open().undo(id, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }
}

/// The same act of a person on several things.
private enum Several {
    /// One id is answered as it is, and fails as it is. Of several, each is done by itself.
    static func act(_ ids: [String], json: Bool, _ act: (String) throws -> Answer) throws {
        if ids.count == 1 { return Output.answer(try act(ids[0]), json: json) }
        let answer = Answer.several(ids, act)
        Output.answer(answer, json: json)
        guard answer.failed else { return }
        throw answer.json["done"]?.items?.isEmpty == true ? ExitCode.failure : ExitCode.inputRefused
    }
}

struct ExceptionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exception", abstract: "What a person must see.",
        subcommands: [List.self, Assign.self, Resolve.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Open exceptions, oldest due first, one JSON object a line.")
        @OptionGroup var common: VerbOptions
        @Flag(help: "Resolved ones too.") var all = false
        func run() throws {
            try common.open().list(.exceptions, openOnly: !all, customer: nil) { Output.json($0) }
        }
    }

    struct Assign: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "assign", abstract: "Gives it an owner and a due day.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument var id: String
        @Option(help: "Who takes it.") var owner: String
        @Option(help: "yyyy-MM-dd") var due: String?
        func run() throws {
            let answer = try common.open().assignException(
                id, owner: owner, due: due, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }

    struct Resolve: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resolve", abstract: "Closes it with what was done.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument var id: String
        func run() throws {
            let answer = try common.open().resolveException(id, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }
}

struct DisputeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispute", abstract: "Disputed invoices are not chased.", subcommands: [Open.self, Resolve.self])

    struct Open: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "open", abstract: "Holds a whole invoice.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument(help: "The invoice, number or id.") var invoice: String
        @Option(help: "price, quantity, quality, not_received, already_paid, not_mine, duplicate, tax or other.")
        var kind = "other"
        func run() throws {
            let answer = try common.open().openDispute(
                invoice, kind: kind, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }

    struct Resolve: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "resolve", abstract: "Ends a dispute.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument(help: "The invoice or the dispute.") var id: String
        @Option(help: "credit (we were wrong) or valid (the invoice stands).") var outcome = "valid"
        func run() throws {
            let answer = try common.open().resolveDispute(
                id, outcome: outcome, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }
}

struct HoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "A person's word that nothing is said for now.",
        subcommands: [Set.self, Lift.self])

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Holds all messages to a customer.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument var customer: String
        @Option(help: "Last day, yyyy-MM-dd; open end when left out.") var until: String?
        func run() throws {
            let answer = try common.open().setHold(
                customer, until: until, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }

    struct Lift: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "lift", abstract: "Ends a customer's holds.")
        @OptionGroup var common: VerbOptions
        @OptionGroup var person: PersonOptions
        @Argument var customer: String
        func run() throws {
            let answer = try common.open().liftHold(customer, actor: person.actor, reason: person.reason)
            Output.answer(answer, json: common.json)
        }
    }
}
