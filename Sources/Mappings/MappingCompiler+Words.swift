// SPDX-License-Identifier: Apache-2.0
import Trees

extension MappingCompiler {
    mutating func word(_ node: Node?, _ key: String, _ words: [String]) {
        guard let node, !words.contains(node.scalar ?? "") else { return }
        fail(
            "MAPPING-VALUE", node, "`\(key):` is \(words.joined(separator: ", "))",
            Self.nearest(node.scalar ?? "", in: words).map { "Did you mean `\($0)`?" } ?? "Write one of them.")
    }

    /// `570s`, `5m`, `1h`, `90d`.
    mutating func duration(_ node: Node, _ key: String) {
        let text = node.scalar ?? ""
        guard let unit = text.last, "smhd".contains(unit), let number = Int(text.dropLast()), number >= 0 else {
            return fail(
                "MAPPING-VALUE", node, "`\(key):` is a time such as 30s, 5m, 1h or 90d, not \"\(text)\"",
                "Write a number and s, m, h or d.")
        }
    }

    /// The candidate that takes the fewest single-letter changes, at most two.
    static func nearest(_ word: String, in candidates: [String]) -> String? {
        let scored = candidates.map { (distance(word, $0), $0) }.filter { $0.0 <= 2 }
        return scored.min { $0.0 < $1.0 }?.1
    }

    private static func distance(_ left: String, _ right: String) -> Int {
        let (a, b) = (Array(left.utf8), Array(right.utf8))
        guard abs(a.count - b.count) <= 2 else { return 3 }
        var row = Array(0...b.count)
        for i in a.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let change = min(row[j] + 1, row[j + 1] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = change
            }
        }
        return row[b.count]
    }
}
