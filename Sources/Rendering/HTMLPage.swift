// SPDX-License-Identifier: Apache-2.0
import Documents
package import Reports

/// One self-contained page that prints well: no script, no font and no picture from outside.
package enum HTMLPage {
    package static func render(_ report: Report) -> String {
        var html = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(escape(report.title)) – \(escape(report.company))</title>
            <style>\(style)</style>
            </head>
            <body>
            <header><h1>\(escape(report.title))</h1>
            <p>\(escape(report.company)) · as of \(report.asOf)</p></header>

            """
        if !report.checks.isEmpty {
            html += "<section><h2>What was checked</h2><ul class=\"checks\">\n"
            for check in report.checks {
                html += "<li class=\"\(check.holds ? "ok" : "bad")\"><b>\(check.holds ? "✓" : "✗") "
                html += "\(escape(check.name))</b> \(escape(check.sentence))</li>\n"
            }
            html += "</ul></section>\n"
        }
        for table in report.tables { html += section(table) }
        return html + "<footer>Tieout. Every figure leads back to its bytes: <code>tieout explain ID</code>.</footer>\n"
            + "</body>\n</html>\n"
    }

    private static func section(_ table: Table) -> String {
        var html = "<section id=\"\(escape(table.name))\"><h2>\(escape(table.title))</h2>\n"
        let rows = table.spokenRows
        if rows.isEmpty {
            html += "<p class=\"none\">None.</p>\n"
        } else {
            html += "<div class=\"scroll\"><table><thead><tr>"
            for column in table.columns {
                html += "<th scope=\"col\" class=\"\(column.kind.rawValue)\">\(escape(column.title))</th>"
            }
            html += "</tr></thead><tbody>\n"
            for row in rows {
                html += row.isTotal ? "<tr class=\"total\">" : "<tr>"
                for (column, cell) in zip(table.columns, row.cells) {
                    html += "<td class=\"\(column.kind.rawValue)\">\(escape(TextTable.shown(cell)))</td>"
                }
                html += "</tr>\n"
            }
            html += "</tbody></table></div>\n"
        }
        if let note = table.note { html += "<p class=\"note\">\(escape(note))</p>\n" }
        return html + "</section>\n"
    }

    package static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static let style = """
        :root{--ink:#1a1f26;--soft:#5b6672;--line:#d8dee6;--ok:#14653a;--bad:#a4161a;--paper:#fff}
        *{box-sizing:border-box}
        body{font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink);
        background:var(--paper);margin:2rem auto;max-width:76rem;padding:0 1.5rem}
        h1{font-size:1.7rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
        header p,.note,footer,.none{color:var(--soft)}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.9rem}
        th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        th{font-weight:600;border-bottom:2px solid var(--ink);white-space:nowrap}
        .money,.count,.percent{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .day{white-space:nowrap}
        tr.total td{font-weight:600;border-top:1px solid var(--ink);background:#f5f7f9}
        .checks{list-style:none;padding:0}.checks li{padding:.2rem 0}
        .ok b{color:var(--ok)}.bad b{color:var(--bad)}
        footer{margin-top:3rem;font-size:.85rem}
        @page{size:A4 landscape;margin:12mm}
        @media print{html{font-size:10.5px}body{margin:0;padding:0;max-width:none;font-size:1rem}h2{break-after:avoid}
        .scroll{overflow:visible}thead{display:table-header-group}tr{break-inside:avoid}}
        """
}
