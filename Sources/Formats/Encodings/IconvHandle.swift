// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One conversion to UTF-8 by the C library's `iconv`; the one place that calls it.
@safe final class IconvHandle {
    private let handle: iconv_t

    /// Nil for a code page the C library does not have.
    init?(from codePage: String) {
        guard let handle = unsafe iconv_open("UTF-8", codePage), Int(bitPattern: handle) != -1 else {
            return nil
        }
        unsafe self.handle = handle
    }

    deinit { _ = unsafe iconv_close(handle) }

    /// What one call came to: how many bytes were taken, and whether it stopped at a byte that has no meaning.
    struct Step {
        var taken: Int
        var isInvalid: Bool
    }

    /// Converts from `start`, appending UTF-8; bytes of an unfinished character at the end are not taken.
    func convert(_ input: [UInt8], from start: Int, into output: inout [UInt8]) -> Step {
        var taken = 0
        var isInvalid = false
        let rest = input.count - start
        guard rest > 0 else { return Step(taken: 0, isInvalid: false) }
        var source = unsafe [CChar](unsafeUninitializedCapacity: rest) { buffer, count in
            for index in 0..<rest { unsafe buffer[index] = CChar(bitPattern: input[start + index]) }
            count = rest
        }
        let made = unsafe [UInt8](unsafeUninitializedCapacity: rest * 4 + 16) { target, count in
            unsafe source.withUnsafeMutableBufferPointer { from in
                var inPointer = from.baseAddress
                var inLeft = rest
                unsafe target.withMemoryRebound(to: CChar.self) { to in
                    var outPointer = to.baseAddress
                    var outLeft = to.count
                    let result = unsafe iconv(handle, &inPointer, &inLeft, &outPointer, &outLeft)
                    isInvalid = result == -1 && errno == EILSEQ
                    count = to.count - outLeft
                }
                taken = rest - inLeft
            }
        }
        output.append(contentsOf: made)
        return Step(taken: taken, isInvalid: isInvalid)
    }
}
