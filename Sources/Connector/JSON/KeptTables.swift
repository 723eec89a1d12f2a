// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Reports
import Store
import Trees

/// Tables of a month's pack as they stood when it was closed.
///
/// What lies beside the log (promises, deliveries, exceptions) goes on after a month is closed; its pack does not. A cell
/// is a list of its kind and its values: `["m",4200,"EUR"]`, `["d","2026-07-31"]`, `["n","kept","kept"]`; `null` is empty.
enum KeptTables {
    static func text(_ tables: [Table]) -> String { Node.list(tables.map(node)).json }

    /// Fails with `STORE-DAMAGED` where it is no such text.
    static func read(_ text: String) throws -> [Table] {
        guard let tables = JSONReader.read([UInt8](text.utf8)).node?.items else { throw damaged }
        return try tables.map(table)
    }

    private static var damaged: StoreFailure {
        StoreFailure("STORE-DAMAGED", "the kept pack of a closed month cannot be read; run verify")
    }

    // MARK: Written

    private static func node(_ table: Table) -> Node {
        .compact([
            ("name", .text(table.name)), ("title", .text(table.title)), ("note", .text(table.note)),
            (
                "columns",
                .list(
                    table.columns.map { .list([.text($0.key), .text($0.title), .text($0.kind.rawValue)]) })
            ),
            (
                "rows",
                .list(
                    table.rows.map { row in
                        .list([.bool(row.isTotal), .bool(row.isSilent)] + row.cells.map(node))
                    })
            ),
        ])
    }

    private static func node(_ cell: Table.Cell) -> Node {
        switch cell {
        case .empty: .null
        case .text(let text): .list([.text("t"), .text(text)])
        case .money(let money): .list([.text("m"), .integer(money.minorUnits), .text(money.currency.code)])
        case .count(let count): .list([.text("c"), .integer(count)])
        case .day(let day): .list([.text("d"), .text(day.text)])
        case .tenths(let value): .list([.text("x"), .integer(value)])
        case .named(let name, let words): .list([.text("n"), .text(name), .text(words)])
        }
    }

    // MARK: Read

    private static func table(_ node: Node) throws -> Table {
        guard let name = node["name"]?.scalar, let title = node["title"]?.scalar,
            let columns = node["columns"]?.items, let rows = node["rows"]?.items
        else { throw damaged }
        return Table(
            name, title, columns: try columns.map(column), rows: try rows.map(row), note: node["note"]?.scalar)
    }

    private static func column(_ node: Node) throws -> Table.Column {
        guard let key = node[0]?.scalar, let title = node[1]?.scalar,
            let kind = node[2]?.scalar.flatMap(Table.Kind.init)
        else { throw damaged }
        return Table.Column(key, title, kind)
    }

    private static func row(_ node: Node) throws -> Table.Row {
        guard let values = node.items, values.count >= 2 else { throw damaged }
        return Table.Row(
            try values.dropFirst(2).map(cell), isTotal: values[0].scalar == "true", isSilent: values[1].scalar == "true"
        )
    }

    private static func cell(_ node: Node) throws -> Table.Cell {
        guard !node.isNull else { return .empty }
        let (first, second) = (node[1]?.scalar ?? "", node[2]?.scalar)
        let cell: Table.Cell? =
            switch node[0]?.scalar {
            case "t": .text(first)
            case "m":
                Int64(first).flatMap { units in
                    second.flatMap { Currency($0) }.map { .money(Money(minorUnits: units, currency: $0)) }
                }
            case "c": Int(first).map { .count($0) }
            case "d": Day(first).map { .day($0) }
            case "x": Int64(first).map { .tenths($0) }
            case "n": second.map { .named(first, $0) }
            default: nil
            }
        guard let cell else { throw damaged }
        return cell
    }
}
