// SPDX-License-Identifier: Apache-2.0
import Formats
import Mappings
import Remote
import Trees

extension PullAnswer {
    /// What came over the wire; its body as a tree, where there is one.
    /// - Parameter inner: where the answer holds the real one as text.
    init(
        _ response: HTTPResponse, as format: Mapping.FileFormat, namespaces: [String: String] = [:], inner: Path? = nil
    ) {
        self.init(withoutTree: response)
        guard !response.body.isEmpty else { return }
        let read = AnswerTree.read(response.body, as: format, namespaces: namespaces, inner: inner)
        (tree, problem) = (read.node, read.problem)
    }

    /// A body that is a document, to be taken as it is.
    init(withoutTree response: HTTPResponse) {
        self.init(status: response.status, headers: response.headers, size: response.body.count)
    }
}

extension PullLoss {
    /// Why there is no answer.
    init(_ error: any Error) {
        if let failure = error as? HTTPFailure {
            self.init(failure.code, isPassing: failure.isPassing, failure.message)
        } else {
            self.init("NET", isPassing: false, "the request could not be sent")
        }
    }
}
