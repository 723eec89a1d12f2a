// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The public QR vectors beside the checkout; absent elsewhere, and then the tests that need them say so and pass.
enum QRFixtures {
    struct Vectors: Decodable {
        struct Checksums: Decodable {
            struct Case: Decodable {
                var payloadWithoutCrc: String
                var crc: String
            }
            var check123456789: String
            var cases: [Case]
        }
        struct Invalid: Decodable {
            var kind: String
            var payload: String
            var why: String
        }
        var crc16: Checksums
        var ibanValid: [String]
        var ibanInvalid: [String]
        var rfValid: [String]
        var rfInvalid: [String]
        var rfCreate: [String: String]
        var swissQrrValid: [String]
        var swissQrrInvalid: [String]
        var invalid: [Invalid]
    }

    private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("../shared/fixtures/channel/qr")

    static func vectors() throws -> Vectors? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try bytes("vectors.json").map { try decoder.decode(Vectors.self, from: $0) }
    }

    static func text(_ name: String) -> String? {
        bytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func bytes(_ name: String) -> Data? {
        let file = folder.appendingPathComponent(name)
        guard let data = FileManager.default.contents(atPath: file.path) else {
            print("skipped: no \(name) beside the checkout")
            return nil
        }
        return data
    }
}
