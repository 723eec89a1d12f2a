// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

extension MappingCompiler {
    /// `decimal` and `group` of a `read:` block or of a rule's flags.
    mutating func convention(_ node: Node) -> AmountConvention? {
        guard let decimal = node["decimal"] else {
            if let group = node["group"] {
                fail(
                    "MAPPING-VALUE", group, "`group:` says nothing without `decimal:`",
                    "Declare both, or neither: then they are settled from the column's values.")
            }
            return nil
        }
        guard let mark = decimal.scalar, mark == "." || mark == ",", let byte = mark.utf8.first else {
            fail("MAPPING-VALUE", decimal, "`decimal:` is \".\" or \",\"", "Quote it: `decimal: \",\"`.")
            return nil
        }
        var group = AmountConvention.Group.none
        if let node = node["group"] {
            switch node.scalar {
            case "none", "": group = .none
            case ".", ",":
                if node.scalar == mark {
                    fail("MAPPING-VALUE", node, "`group:` and `decimal:` are the same mark", "Correct one of them.")
                }
                group = .mark(mark == "." ? 0x2C : 0x2E)
            case " ", "space": group = .space
            case "'", "apostrophe": group = .apostrophe
            default:
                fail("MAPPING-VALUE", node, "`group:` is none, \".\", \",\", space or apostrophe", "Correct the mark.")
            }
        }
        return AmountConvention(decimal: byte, group: group)
    }

    /// One convention, or several that are tried in order.
    mutating func dateConvention(_ node: Node) -> DateConvention? {
        guard let items = node.items else { return oneDate(node) }
        let conventions = items.compactMap { oneDate($0) }
        guard conventions.count == items.count, !items.isEmpty else { return nil }
        for (convention, item) in zip(conventions, items) {
            switch convention {
            case .iso, .pattern: continue
            default:
                fail(
                    "MAPPING-DATE", item, "`\(convention.description)` cannot be one of several ways to write a day",
                    "List iso and patterns only.")
                return nil
            }
        }
        if let clash = DateConvention.clash(conventions) {
            fail(
                "MAPPING-DATE", node,
                "two of these read \"\(clash.text)\" as different days, \(clash.one.text) and "
                    + "\(clash.other.text)",
                "Keep patterns that no text fits twice; where the order differs, they are two kinds of file.")
            return nil
        }
        return .oneOf(conventions)
    }

    private mutating func oneDate(_ node: Node) -> DateConvention? {
        if let known = DateConvention(node.scalar ?? "") { return known }
        fail(
            "MAPPING-DATE", node, "\"\(node.scalar ?? node.kind)\" is no date format",
            "Use iso, epoch_s, epoch_ms, msjson, excel, or a pattern of year, month and day such as dd.MM.yyyy or dd MMM yyyy."
        )
        return nil
    }
}
