// SPDX-License-Identifier: Apache-2.0
import Foundation

// usage: workload --out FOLDER [--invoices N] [--seed N] [--difficulty 0…1000] [--numbers SERIES] [--noise NAMES]
//
// Writes a reconciliation workload with its truth, in the form that `scripts/recon/score.sh` and `tieout evaluate`
// read: the same arguments give the same bytes.

var values: [String: String] = [:]
var words = Array(CommandLine.arguments.dropFirst())
while words.count >= 2, words[0].hasPrefix("--") {
    values[String(words[0].dropFirst(2))] = words[1]
    words.removeFirst(2)
}
let known: Set<String> = ["out", "invoices", "seed", "difficulty", "numbers", "noise"]
guard let folder = values["out"], words.isEmpty, Set(values.keys).isSubset(of: known),
    let count = Int(values["invoices"] ?? "20000"), count > 0, let seed = UInt64(values["seed"] ?? "1"),
    let difficulty = Int(values["difficulty"] ?? "500"), (0...1000).contains(difficulty),
    let numbering = Numbering(rawValue: values["numbers"] ?? "usual"),
    let kinds = NoiseKind.kinds(values["noise"] ?? "")
else {
    FileHandle.standardError.write(
        Data(
            ("usage: workload --out FOLDER [--invoices N] [--seed N] [--difficulty 0…1000] [--numbers SERIES] "
                + "[--noise NAMES]\nSERIES is one of \(Numbering.allCases.map(\.rawValue).joined(separator: ", "))\n"
                + "NAMES are all, or some, with commas, of "
                + "\(NoiseKind.allCases.map(\.rawValue).joined(separator: ", "))\n")
                .utf8))
    exit(64)
}
var chance = Chance(seed: seed)
let noise = Noise(difficulty: difficulty, kinds: kinds, numbering: numbering)
let world = World(count: count, noise: noise, chance: &chance)
var payers = Payers(world, noise: noise, chance: chance)
let settled = payers.run()
do {
    try Output(folder: folder).write(settled, payers)
} catch {
    FileHandle.standardError.write(Data("\(folder): \(error)\n".utf8))
    exit(1)
}
