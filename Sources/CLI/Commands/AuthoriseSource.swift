// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Connector

struct AuthoriseSource: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authorise",
        abstract: "Lets a person allow a source in a browser; its tokens are stored sealed.",
        discussion: """
            Prints an address to open. After the permission the browser goes to the redirect address; nothing needs to \
            answer there: copy what stands in its address bar and paste it here.
            """)

    @OptionGroup var common: VerbOptions
    @Option(help: "The redirect address that the system knows for this client.")
    var redirect = "http://127.0.0.1:8423/"
    @Argument(help: "The source.") var source: String

    func run() throws {
        let workplace = try common.open()
        let begun = try workplace.beginAuthorising(source, redirect: redirect, .live())
        Output.text("Open this address and allow it:\n\(begun.url)\nThen paste the address that the browser came to:")
        let line = readLine() ?? ""
        let query = line.split(separator: "?", maxSplits: 1).last.map(String.init) ?? ""
        let answer = try workplace.finishAuthorising(source, begun.permission, query: query, .live())
        Output.answer(answer, json: common.json)
        if answer.failed { throw ExitCode.failure }
    }
}
