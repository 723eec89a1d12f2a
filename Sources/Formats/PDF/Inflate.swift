// SPDX-License-Identifier: Apache-2.0

/// Decompresses a zlib stream (RFC 1950 and 1951) into at most so many bytes.
///
/// Written out because a library that is asked for a stream gives all of it: a PDF of a megabyte can hold one of a
/// gigabyte.
struct Inflate {
    enum Outcome: Equatable {
        case bytes([UInt8])
        /// It would be longer than the limit.
        case tooLong
        /// It is no zlib stream, or it breaks off.
        case damaged
    }

    /// What follows the stream is not looked at.
    static func zlib(_ input: [UInt8], from start: Int = 0, most: Int) -> Outcome {
        guard input.count - start >= 2 else { return .damaged }
        // Compression method 8, a header that is a multiple of 31, and no preset dictionary.
        let (method, flags) = (input[start], input[start + 1])
        guard method & 15 == 8, (Int(method) << 8 | Int(flags)) % 31 == 0, flags & 32 == 0 else { return .damaged }
        var inflate = Inflate(input: input, position: start + 2, most: most)
        while true {
            guard let last = inflate.bits(1), let type = inflate.bits(2) else { return .damaged }
            let isRead =
                switch type {
                case 0: inflate.stored()
                case 1: inflate.coded(fixedLengths, fixedDistances)
                case 2: inflate.dynamic()
                default: false
                }
            if inflate.isTooLong { return .tooLong }
            guard isRead else { return .damaged }
            if last == 1 { return .bytes(inflate.output) }
        }
    }

    /// A canonical Huffman code: how many symbols each length has, and the symbols in order.
    private struct Code {
        var counts = [UInt16](repeating: 0, count: 16)
        var symbols: [UInt16] = []

        /// Nil when the lengths are no prefix code.
        init?(_ lengths: ArraySlice<UInt8>) {
            for length in lengths { counts[Int(length)] += 1 }
            var left = 1
            for length in 1..<16 {
                left = left * 2 - Int(counts[length])
                if left < 0 { return nil }
            }
            var offsets = [Int](repeating: 0, count: 16)
            for length in 1..<15 { offsets[length + 1] = offsets[length] + Int(counts[length]) }
            symbols = [UInt16](repeating: 0, count: lengths.count)
            for (symbol, length) in lengths.enumerated() where length > 0 {
                symbols[offsets[Int(length)]] = UInt16(symbol)
                offsets[Int(length)] += 1
            }
        }
    }

    private let input: [UInt8]
    private var position: Int
    private let most: Int
    private var output: [UInt8] = []
    private var isTooLong = false
    private var held: UInt32 = 0
    private var heldCount = 0

    private init(input: [UInt8], position: Int, most: Int) {
        self.input = input
        self.position = position
        self.most = most
    }

    /// At most 13 bits; nil at the end of the input.
    private mutating func bits(_ count: Int) -> Int? {
        while heldCount < count {
            guard position < input.count else { return nil }
            held |= UInt32(input[position]) << UInt32(heldCount)
            position += 1
            heldCount += 8
        }
        let value = Int(held & (1 << UInt32(count) - 1))
        held >>= UInt32(count)
        heldCount -= count
        return value
    }

    private mutating func symbol(_ code: Code) -> Int? {
        var value = 0
        var first = 0
        var index = 0
        for length in 1..<16 {
            guard let bit = bits(1) else { return nil }
            value |= bit
            let count = Int(code.counts[length])
            if value - count < first {
                let place = index + value - first
                return place >= 0 && place < code.symbols.count ? Int(code.symbols[place]) : nil
            }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        return nil
    }

    private mutating func append(_ byte: UInt8) -> Bool {
        guard output.count < most else {
            isTooLong = true
            return false
        }
        output.append(byte)
        return true
    }

    private mutating func stored() -> Bool {
        held = 0
        heldCount = 0
        guard position + 4 <= input.count else { return false }
        let length = Int(input[position]) | Int(input[position + 1]) << 8
        let check = Int(input[position + 2]) | Int(input[position + 3]) << 8
        position += 4
        guard length == ~check & 0xFFFF, position + length <= input.count else { return false }
        for index in position..<(position + length) {
            guard append(input[index]) else { return false }
        }
        position += length
        return true
    }

    private mutating func coded(_ lengths: Code?, _ distances: Code?) -> Bool {
        guard let lengths, let distances else { return false }
        while true {
            guard let literal = symbol(lengths) else { return false }
            if literal < 256 {
                guard append(UInt8(literal)) else { return false }
                continue
            }
            if literal == 256 { return true }
            guard literal - 257 < Self.lengthBases.count,
                let more = bits(Self.lengthExtra[literal - 257]),
                let far = symbol(distances), far < Self.distanceBases.count,
                let farther = bits(Self.distanceExtra[far])
            else { return false }
            let distance = Self.distanceBases[far] + farther
            guard distance <= output.count else { return false }
            for _ in 0..<(Self.lengthBases[literal - 257] + more) {
                guard append(output[output.count - distance]) else { return false }
            }
        }
    }

    private mutating func dynamic() -> Bool {
        guard let literals = bits(5), let distances = bits(5), let codes = bits(4), literals <= 29, distances <= 29
        else {
            return false
        }
        var lengths = [UInt8](repeating: 0, count: 19)
        for index in 0..<(codes + 4) {
            guard let length = bits(3) else { return false }
            lengths[Self.order[index]] = UInt8(length)
        }
        guard let code = Code(lengths[...]) else { return false }
        let total = literals + 257 + distances + 1
        var all: [UInt8] = []
        while all.count < total {
            guard let symbol = symbol(code) else { return false }
            var repeated: UInt8 = 0
            var count: Int?
            switch symbol {
            case 0..<16: (repeated, count) = (UInt8(symbol), 1)
            case 16:
                guard let last = all.last else { return false }
                (repeated, count) = (last, bits(2).map { $0 + 3 })
            case 17: count = bits(3).map { $0 + 3 }
            default: count = bits(7).map { $0 + 11 }
            }
            guard let count, all.count + count <= total else { return false }
            all.append(contentsOf: repeatElement(repeated, count: count))
        }
        return coded(Code(all[..<(literals + 257)]), Code(all[(literals + 257)...]))
    }

    // RFC 1951, 3.2.5 to 3.2.7.
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtra = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]
    private static let distanceExtra = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]
    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let fixedLengths: Code? = {
        var lengths = [UInt8](repeating: 8, count: 288)
        for index in 144..<256 { lengths[index] = 9 }
        for index in 256..<280 { lengths[index] = 7 }
        return Code(lengths[...])
    }()
    private static let fixedDistances = Code([UInt8](repeating: 5, count: 30)[...])
}
