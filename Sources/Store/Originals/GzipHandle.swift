// SPDX-License-Identifier: Apache-2.0
import CZlib

/// One gzip stream, compressing or expanding. The only file that calls zlib's C functions.
@safe
final class GzipHandle {
    enum Direction { case deflate, inflate }

    private let stream: UnsafeMutablePointer<z_stream>
    private let direction: Direction
    private(set) var isFinished = false

    /// - Parameter level: 1 (fast) to 9, for deflate.
    init(_ direction: Direction, level: Int32 = 1) throws {
        self.direction = direction
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let code =
            switch direction {
            case .deflate: unsafe tieout_deflate_init(stream, level)
            case .inflate: unsafe tieout_inflate_init(stream)
            }
        guard code == Z_OK else { throw StoreFailure("ZLIB-\(code)", "zlib could not start") }
    }

    deinit {
        switch direction {
        case .deflate: _ = unsafe deflateEnd(stream)
        case .inflate: _ = unsafe inflateEnd(stream)
        }
        unsafe stream.deinitialize(count: 1)
        unsafe stream.deallocate()
    }

    /// Feeds `input` and hands every piece of output to `sink`. `last` ends a compressed stream.
    func feed(_ input: [UInt8], last: Bool, _ sink: ([UInt8]) throws -> Void) throws {
        var input = input
        let count = input.count
        try unsafe input.withUnsafeMutableBufferPointer { buffer in
            unsafe stream.pointee.next_in = buffer.baseAddress
            unsafe stream.pointee.avail_in = UInt32(clamping: count)
            var isFull = true
            while isFull {
                let (piece, code) = step(last: last)
                if !piece.isEmpty { try sink(piece) }
                if code == Z_STREAM_END {
                    isFinished = true
                    return
                }
                guard code == Z_OK || code == Z_BUF_ERROR else {
                    throw StoreFailure("ZLIB-\(code)", "the compressed original is damaged")
                }
                isFull = piece.count == Self.pieceSize
            }
        }
    }

    private static let pieceSize = 1 << 18

    private func step(last: Bool) -> ([UInt8], Int32) {
        var code = Z_OK
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, used in
            unsafe stream.pointee.next_out = buffer.baseAddress
            unsafe stream.pointee.avail_out = UInt32(Self.pieceSize)
            switch direction {
            case .deflate: code = unsafe CZlib.deflate(stream, last ? Z_FINISH : Z_NO_FLUSH)
            case .inflate: code = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            }
            used = Self.pieceSize - Int(unsafe stream.pointee.avail_out)
        }
        return (piece, code)
    }
}
