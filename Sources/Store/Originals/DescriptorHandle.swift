// SPDX-License-Identifier: Apache-2.0
import Glibc

/// An open file that can be made durable: what `FoundationEssentials` has no call for.
@safe
package struct DescriptorHandle: ~Copyable {
    private let descriptor: Int32
    private let path: String

    enum Purpose { case read, create, folder }

    init(_ path: String, _ purpose: Purpose) throws {
        let flags =
            switch purpose {
            case .read: O_RDONLY | O_CLOEXEC
            case .create: O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
            case .folder: O_RDONLY | O_DIRECTORY | O_CLOEXEC
            }
        descriptor = unsafe open(path, flags, 0o644)
        self.path = path
        guard descriptor >= 0 else { throw StoreFailure("FILE-\(errno)", "cannot open \(path)") }
    }

    deinit { close(descriptor) }

    /// The next bytes, empty at the end.
    func read(atMost count: Int) throws -> [UInt8] {
        var result = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            repeat {
                result = unsafe Glibc.read(descriptor, buffer.baseAddress, count)
            } while result < 0 && errno == EINTR
            used = max(0, result)
        }
        guard result >= 0 else { throw StoreFailure("FILE-\(errno)", "cannot read \(path)") }
        return bytes
    }

    func write(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + start }, bytes.count - start)
            }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw StoreFailure("FILE-\(errno)", "cannot write \(path)") }
            start += written
        }
    }

    /// Returns when the bytes (of a folder: its names) survive a power cut.
    func sync() throws {
        guard fsync(descriptor) == 0 else { throw StoreFailure("FILE-\(errno)", "cannot sync \(path)") }
    }

    /// Puts a whole file in the place of another one in one step: at no moment is the name without a file.
    /// - Returns: False where both stay as they are.
    package static func replace(_ path: String, with whole: String) -> Bool { unsafe rename(whole, path) == 0 }
}
