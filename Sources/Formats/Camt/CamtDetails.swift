// SPDX-License-Identifier: Apache-2.0
import Documents

/// The details of one entry, which are held until it closes: only then is it known what they must add up to.
///
/// A few are held as they are; many as bytes, each text without what it begins with like the same text of the detail
/// before. A hundred thousand details are some ten megabytes then.
struct CamtDetails {
    /// Those behind `packed`, at most `looseMax`.
    private var loose: [CamtDetail] = []
    private var packed: CamtPack?
    private(set) var count = 0

    /// So many cost no more than the parser's own pieces; nearly no entry has more.
    private static let looseMax = 256

    /// Details of one entry, and bytes of what they say: a megabyte of text in each would be no statement.
    static let countMax = 1 << 18
    static let bytesMax = XMLRows<CamtName>.textMax

    var first: CamtDetail? { packed == nil ? loose.first : nil }

    var isTooLarge: Bool { count > Self.countMax || packed.map { $0.size > Self.bytesMax } ?? false }

    mutating func append(_ detail: CamtDetail) {
        count += 1
        loose.append(detail)
        guard loose.count > Self.looseMax else { return }
        // Taken out while it changes, so that it is not copied.
        var pack = packed ?? CamtPack()
        packed = nil
        for detail in loose { pack.append(detail) }
        loose.removeAll(keepingCapacity: true)
        packed = pack
    }

    mutating func removeAll() {
        loose.removeAll(keepingCapacity: true)
        packed = nil
        count = 0
    }

    /// In order, until one answers false.
    func each(_ body: (CamtDetail) -> Bool) {
        if let packed, !packed.each(body) { return }
        for detail in loose where !body(detail) { return }
    }
}

/// Details as bytes.
struct CamtPack {
    /// Full ones, and the one that is filled; a detail lies in one of them.
    private var blocks: [[UInt8]] = []
    private var block: [UInt8] = []
    /// Each text of the last detail that had it.
    private var last = [[UInt8]](repeating: [], count: CamtDetail.textCount)
    private(set) var size = 0

    private static let blockSize = 64 << 10

    mutating func append(_ detail: CamtDetail) {
        if block.isEmpty { block.reserveCapacity(Self.blockSize + Self.blockSize / 4) }
        let start = block.count
        block.append(detail.flags)
        for (field, text) in detail.texts.enumerated() {
            guard let text else {
                block.append(0)
                continue
            }
            let bytes = Array(text.utf8)
            let shared = Self.shared(last[field], bytes)
            add(shared + 1)
            add(bytes.count - shared)
            block += bytes[shared...]
            last[field] = bytes
        }
        size += block.count - start
        guard block.count >= Self.blockSize else { return }
        blocks.append(block)
        block = []
    }

    private static func shared(_ left: [UInt8], _ right: [UInt8]) -> Int {
        let count = min(left.count, right.count)
        var shared = 0
        while shared < count, left[shared] == right[shared] { shared += 1 }
        return shared
    }

    /// Seven bits a byte, the low ones first.
    private mutating func add(_ number: Int) {
        var rest = number
        while rest > 0x7F {
            block.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        block.append(UInt8(rest))
    }

    /// - Returns: False when the body did.
    func each(_ body: (CamtDetail) -> Bool) -> Bool {
        var last = [[UInt8]](repeating: [], count: CamtDetail.textCount)
        var texts = [String?](repeating: nil, count: CamtDetail.textCount)
        for block in blocks + [block] {
            var next = 0
            while next < block.count {
                let flags = block[next]
                next += 1
                for field in texts.indices {
                    let shared = Self.number(block, &next)
                    guard shared > 0 else {
                        texts[field] = nil
                        continue
                    }
                    let more = Self.number(block, &next)
                    last[field].removeLast(last[field].count - (shared - 1))
                    last[field] += block[next..<(next + more)]
                    next += more
                    texts[field] = String(decoding: last[field], as: UTF8.self)
                }
                guard body(CamtDetail(texts: texts, flags: flags)) else { return false }
            }
        }
        return true
    }

    private static func number(_ block: [UInt8], _ next: inout Int) -> Int {
        var number = 0
        var shift = 0
        while block[next] > 0x7F {
            number |= Int(block[next] & 0x7F) << shift
            shift += 7
            next += 1
        }
        number |= Int(block[next]) << shift
        next += 1
        return number
    }
}

extension CamtDetail {
    static let textCount = 16

    /// Everything it says, but for the flags. Lists are one text, line by line: no text of a statement has line ends.
    fileprivate var texts: [String?] {
        [
            path, servicerReference, endToEndID, direct?.packed, transaction?.packed, instructed?.packed,
            charges?.total.packed, bankCode?.text, debtor.name, debtor.account, creditor.name, creditor.account,
            structured.isEmpty ? nil : structured.joined(separator: "\n"),
            remittance.isEmpty ? nil : remittance.joined(separator: "\n"), additional, returnReason,
        ]
    }

    fileprivate var flags: UInt8 {
        var flags: UInt8 = isCredit == nil ? 0 : isCredit == true ? 1 : 2
        if isReturn { flags |= 4 }
        if charges?.included == true { flags |= 8 }
        if bankCode?.isReturn == true { flags |= 16 }
        return flags
    }

    fileprivate convenience init(texts: [String?], flags: UInt8) {
        func list(_ place: Int) -> [String] {
            texts[place].map { $0.split(separator: "\n").map(String.init) } ?? []
        }
        self.init(
            path: texts[0] ?? "", servicerReference: texts[1], endToEndID: texts[2],
            isCredit: flags & 3 == 0 ? nil : flags & 3 == 1, direct: Stated(packed: texts[3]),
            transaction: Stated(packed: texts[4]), instructed: Stated(packed: texts[5]),
            charges: Stated(packed: texts[6]).map { CamtCharges(total: $0, included: flags & 8 != 0) },
            bankCode: texts[7].map { CamtBankCode(text: $0, isReturn: flags & 16 != 0) },
            debtor: Party(name: texts[8], account: texts[9]), creditor: Party(name: texts[10], account: texts[11]),
            structured: list(12), remittance: list(13), additional: texts[14], isReturn: flags & 4 != 0,
            returnReason: texts[15])
    }
}

extension CamtDetail.Stated {
    /// `EUR 12.30`, ` 12.30` without a currency.
    fileprivate var packed: String { "\(currency?.code ?? "") \(value.text)" }

    fileprivate init?(packed: String?) {
        guard let packed, let blank = packed.firstIndex(of: " "),
            let value = ScaledDecimal(packed[packed.index(after: blank)...])
        else { return nil }
        self.init(value: value, currency: Currency(String(packed[..<blank])))
    }
}
