// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Formats
import FoundationEssentials
import Store

/// The policy a run decides by, with its text for the record.
struct PolicyFile: Sendable {
    let policy: DunningPolicy
    let digest: String
    let name: String
    let text: String

    /// The configured file, else the one that ships.
    static func load(_ workplace: Workplace) throws -> PolicyFile {
        let path =
            workplace.books.policy.map { Workplace.absolute($0, in: workplace.configuration.folder) }
            ?? workplace.environment.share + "/policies/default.yaml"
        guard let data = FileManager.default.contents(atPath: path) else {
            guard workplace.books.policy == nil else {
                throw Failure(
                    "POLICY-MISSING", "The policy \(path) cannot be read.", hint: "Check `policy:` in tieout.yaml.")
            }
            let policy = DunningPolicy()
            return PolicyFile(policy: policy, digest: "built-in", name: policy.name, text: "")
        }
        let bytes = [UInt8](data)
        let digest = SourceFile.digest(bytes)
        if let kept = workplace.environment.openStores?.policy(digest) { return kept }
        let (node, faults) = YAMLReader.read(String(decoding: bytes, as: UTF8.self))
        guard let node, faults.isEmpty else { throw Workplace.refused(path, faults) }
        let (policy, problems) = DunningPolicy.compile(node)
        guard let policy else { throw Workplace.refused(path, problems) }
        let file = PolicyFile(
            policy: policy, digest: digest, name: policy.name, text: String(decoding: bytes, as: UTF8.self))
        workplace.environment.openStores?.keep(file)
        return file
    }

    func keep(_ session: Session, at time: Timestamp) throws {
        guard !text.isEmpty else { return }
        try session.keepText(digest: digest, kind: "policy", name: name, text: text, at: time)
    }
}
