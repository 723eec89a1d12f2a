// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

extension Pull {
    static let emptyPagesMax = 1000

    /// Where the page stands, as parameters of the query; the same for `$(page)` and `$(offset)`.
    func pageParameters(_ values: inout RequestValues) -> [(name: String, value: String)] {
        var extra: [(name: String, value: String)] = []
        switch stream.paging {
        case .none, .next, .link: break
        case .values(let list, _):
            let number = place(or: 0)
            if list.indices.contains(number) { values.plain["page"] = list[number] }
        case .number(let first, let param, let size, let sizeParam, _):
            let number = place(or: first)
            values.plain["page"] = String(number)
            if let param { extra.append((param, String(number))) }
            if let sizeParam, size > 0 { extra.append((sizeParam, String(size))) }
        case .offset(let first, let param, let size, let sizeParam, _):
            let number = place(or: first)
            values.plain["offset"] = String(number)
            if let param { extra.append((param, String(number))) }
            if let sizeParam { extra.append((sizeParam, String(size))) }
        case .cursor(_, _, let param, _):
            if case .after(let value) = pass.place { extra.append((param, value)) }
        }
        if let window = stream.window {
            for (param, name) in [(window.fromParam, "from"), (window.toParam, "to")] {
                if let param, let time = values.times[name] { extra.append((param, window.format.text(time))) }
            }
        }
        return extra
    }

    private func place(or first: Int) -> Int {
        if case .number(let number) = pass.place { number } else { first }
    }

    /// Takes a page in and decides what comes after it.
    mutating func accept(_ answer: PullAnswer, at now: Timestamp, isEmpty: Bool = false, isLast: Bool = false) {
        let root = answer.tree ?? .null
        let records = isEmpty || answer.tree == nil ? [] : stream.mapping.records(in: root)
        count.pages += 1
        count.records += records.count
        pass.pages += 1
        pass.records += records.count
        if pass.pages == 1 { pass.firstPageCount = records.count }
        pass.emptyPages = records.isEmpty ? pass.emptyPages + 1 : 0
        (attempts, hasRefreshed) = (0, false)
        ruleUses = [:]
        guard count.pages <= setting.bounds.pagesMax, count.records <= setting.bounds.recordsMax,
            pass.emptyPages <= Self.emptyPagesMax
        else {
            fail(
                "PULL-ENDLESS", "the list does not end: \(count.pages) pages with \(count.records) records so far",
                hint: "Check `page:` of the mapping; nothing of this run landed.")
            return
        }
        if !records.isEmpty, !met.insert(Self.fingerprint(of: records)).inserted {
            fail(
                "PULL-REPEATS", "the system sent the same page twice",
                hint: "Check `page:` of the mapping: the parameter may be ignored. Nothing of this run landed.")
            return
        }
        let isOld = look(at: records)
        let next = isLast || isOld ? nil : nextPlace(answer, root, records)
        guard failure == nil else { return }
        if !records.isEmpty {
            ready = PullPage(number: count.pages, pass: count.passes, records: records)
            lacking = attachments(of: records)
        }
        if let next { pass.place = next } else { endPass(at: now) }
    }

    /// What the records say about time: the latest of them, and whether one changed while the list was read.
    /// - Returns: Whether the feed, newest first, has come to what is known already.
    private mutating func look(at records: [Record]) -> Bool {
        guard let reading = stream.sync.cursor else { return false }
        var isOld = false
        for record in records {
            guard let value = reading.value(record) else { continue }
            if latest.map({ $0 < value }) ?? true { latest = value }
            if case .time(let time) = value, let began = pass.began, time >= began { pass.moved = true }
            if let since = values.since, value < since { isOld = true }
        }
        return isOld && stream.stopsWhenOlder
    }

    private mutating func nextPlace(_ answer: PullAnswer, _ root: Node, _ records: [Record]) -> Place? {
        switch stream.paging {
        case .none: return nil
        case .values(let list, let total):
            if let total { checkWhole(total, root, records) }
            let number = place(or: 0) + 1
            return number < list.count ? .number(number) : nil
        case .next(let path, _):
            guard let text = path.hits(in: [root]).first?.ownText, !text.isEmpty else { return nil }
            return link(text)
        case .link(let relation):
            return LinkHeader.target(relation, in: answer.headers).flatMap { link($0) }
        case .number(let first, _, let size, _, let stop):
            let number = place(or: first)
            let isLast = isLast(stop, root, records, size: size) { $0 <= number - first + 1 }
            return isLast ? nil : .number(number + 1)
        case .offset(let first, _, let size, _, let stop):
            let end = place(or: first) + records.count
            if case .total(let path) = stop { noteTotal(path, root) }
            let isLast = isLast(stop, root, records, size: size) { $0 <= end - first }
            return isLast || records.isEmpty ? nil : .number(end)
        case .cursor(let path, let ofLastRecord, _, let more):
            if let more, !Self.isTrue(more, root) { return nil }
            let chain = ofLastRecord ? records.last?.tree : [root]
            guard let chain, let value = path.hits(in: chain).first?.ownText, !value.isEmpty else { return nil }
            guard !met(value) else {
                fail(
                    "PULL-REPEATS", "the next page begins after a record that was read already",
                    hint: "Check `page: { cursor: … }` of the mapping. Nothing of this run landed.")
                return nil
            }
            return .after(value)
        }
    }

    /// An answer that has fewer records than it says is a part, and what is missing from it must not count as settled.
    private mutating func checkWhole(_ path: Path, _ root: Node, _ records: [Record]) {
        let stated = path.hits(in: [root]).first?.ownText.flatMap { Int($0) }
        guard stated != records.count else { return }
        fail(
            "PULL-PARTIAL",
            "the answer has \(records.count) records and says that there are \(stated.map { String($0) } ?? "some")",
            hint: "The system gave a part of its list; ask for less at once. Nothing of this run landed.")
    }

    private static func isTrue(_ path: Path, _ root: Node) -> Bool {
        let text = path.hits(in: [root]).first?.ownText?.lowercased()
        return text == "true" || text == "1" || text == "yes"
    }

    private mutating func isLast(
        _ stop: Paging.Stop, _ root: Node, _ records: [Record], size: Int, reached: (Int) -> Bool
    ) -> Bool {
        switch stop {
        case .empty: return records.isEmpty
        case .more(let path): return !Self.isTrue(path, root)
        case .short:
            // A first page that is short may be a system that gives less than was asked for: the next page tells.
            if records.count >= size { return false }
            return records.isEmpty
                || pass.pages > 1 && (pass.firstPageCount >= size || records.count < pass.firstPageCount)
        case .total(let path):
            guard let total = path.hits(in: [root]).first?.ownText.flatMap({ Int($0) }) else { return records.isEmpty }
            return reached(total)
        }
    }

    /// The stated number of records; when it changes, the list moved.
    private mutating func noteTotal(_ path: Path, _ root: Node) {
        guard let total = path.hits(in: [root]).first?.ownText.flatMap({ Int($0) }) else { return }
        if let before = pass.total, before != total { pass.moved = true }
        pass.total = total
    }

    /// A link of the answer; it must stay where the credentials belong.
    private mutating func link(_ text: String) -> Place? {
        guard let here = currentAddress, let target = here.resolved(text), target.isSameOrigin(as: here) else {
            fail(
                "PULL-LINK-ELSEWHERE", "the link to the next page leads elsewhere: “\(text.prefix(120))”",
                hint: "Credentials go to the system's own address only; check `base:` of the source.")
            return nil
        }
        guard !met(target.text) else {
            fail(
                "PULL-REPEATS", "the link to the next page leads back to one that was read",
                hint: "The system's paging runs in a circle; nothing of this run landed.")
            return nil
        }
        return .url(target)
    }

    private var currentAddress: WebAddress? {
        if case .url(let url) = pass.place { return url }
        var values = values
        values.session = authentication.values
        let extra = pageParameters(&values)
        return try? stream.shape.request(values, purpose: .page, format: stream.format, extra: extra).get().url
    }

    private mutating func met(_ text: String) -> Bool {
        !met.insert(Fingerprint(of: Array(("link " + text).utf8))).inserted
    }

    /// Of what the records say, wherever they stand in the answer.
    private static func fingerprint(of records: [Record]) -> Fingerprint {
        var builder = Fingerprint.Builder()
        for record in records { if let node = record.tree.last { node.add(to: &builder) } }
        return builder.finish()
    }

    // MARK: Passes and windows

    private mutating func endPass(at now: Timestamp) {
        let isShort = pass.total.map { pass.records < $0 } ?? false
        let hasMoved = stream.paging.shifts && pass.pages > 1 && (pass.moved || isShort)
        if hasMoved, count.passes < setting.bounds.passesMax {
            beginPass()
            return
        }
        if hasMoved {
            warnings.append(
                fault(
                    "PULL-UNSTABLE", .warning, "records kept changing while the list was read \(count.passes) times",
                    hint:
                        "What was read landed; the next run begins at the same place again, so that nothing is missed.")
            )
        }
        if let rules = stream.window, let end = windowEnd, let last = values.times["to"], last < end {
            values.times["from"] = last
            values.times["to"] = min(last + rules.step, end)
            pass = Pass()
            met = []
            return
        }
        finish()
    }

    /// - Parameter again: the page in hand belongs to the list that is given up.
    mutating func beginPass(again: Bool = false) {
        if again { (ready, lacking, completion) = (nil, [], nil) }
        count.passes += 1
        pass = Pass()
        met = []
        (attempts, hasRefreshed) = (0, false)
    }

    mutating func openWindow(_ rules: WindowRules, at now: Timestamp) {
        guard case .time(let start)? = values.since ?? stream.sync.start else {
            fail(
                "PULL-SETTING", "the first window has no beginning", hint: "Add `sync: { start: … }` to the mapping.")
            return
        }
        let end = now.milliseconds + rules.ahead
        windowEnd = end
        values.times["from"] = start
        values.times["to"] = min(start + rules.step, max(end, start))
    }

    private mutating func finish() {
        phase = .finished
        var result = PullCompletion()
        let isStable = warnings.isEmpty
        result.isWhole = isStable && stream.sync.mode != .incremental
        result.count = count
        result.warnings = warnings
        if stream.sync.mode == .incremental, isStable { result.cursor = advanced() }
        if stream.sync.absentIsGone, isStable {
            result.listedFrom = stream.sync.mode == .incremental ? values.since?.value ?? .min : .min
        }
        completion = result
    }

    /// The largest value seen, never before the old cursor and never beyond the moment the run began.
    private func advanced() -> PullCursor? {
        guard var seen = latest else { return setting.cursor }
        if case .time(let time) = seen, let began { seen = .time(min(time, began)) }
        guard let old = setting.cursor else { return seen }
        return max(old, seen)
    }
}

/// RFC 8288: `<https://…?page=2>; rel="next", <…>; rel="last"`.
enum LinkHeader {
    static func target(_ relation: String, in headers: [(name: String, value: String)]) -> String? {
        for header in headers where header.name.lowercased() == "link" {
            var rest = header.value[...]
            while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
                let target = String(rest[rest.index(after: open)..<close])
                rest = rest[rest.index(after: close)...]
                let parameters = rest.prefix { $0 != "<" }.lowercased()
                for part in parameters.split(whereSeparator: { $0 == ";" || $0 == "," }) {
                    let pair = part.filter { $0 != " " && $0 != "\"" }
                    if pair == "rel=" + relation.lowercased() { return target }
                }
            }
        }
        return nil
    }
}

extension Node {
    /// What it says, without where it stands.
    fileprivate func add(to builder: inout Fingerprint.Builder) {
        switch value {
        case .list(let items):
            builder.add(Int64(items.count))
            for item in items { item.add(to: &builder) }
        case .map(let entries):
            builder.add(Int64(entries.count))
            for entry in entries {
                builder.add(entry.key)
                entry.value.add(to: &builder)
            }
        default: builder.add(scalar)
        }
    }
}
