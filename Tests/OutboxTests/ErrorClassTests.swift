// SPDX-License-Identifier: Apache-2.0
import Foundation
import Outbox
import Testing

struct ErrorClassTests {
    @Test(
        "Codes decide before the HTTP status",
        arguments: [
            (130_429, 400, ErrorClass.retryBackoff), (131_056, 400, .retryPair), (131_026, 400, .finalRecipient),
            (190, 401, .haltAuth), (250, 403, .haltAuth), (131_047, 400, .switchToTemplate),
            (131_009, 400, .finalRequest),
            (132_015, 400, .holdTemplate), (2_494_100, 400, .retryBackoff), (1, 400, .retryOnce),
        ])
    func codes(_ code: Int, _ status: Int, _ expected: ErrorClass) {
        #expect(ErrorClass.classify(code: code, httpStatus: status) == expected)
    }

    @Test(
        "A code nobody knows goes by the status, and without one nobody knows",
        arguments: [
            (Int?.some(429), ErrorClass.retryBackoff), (408, .retryBackoff), (503, .retryBackoff), (409, .retryBackoff),
            (425, .retryBackoff), (404, .finalRequest), (400, .finalRequest), (200, .ambiguous), (nil, .ambiguous),
        ])
    func statuses(_ status: Int?, _ expected: ErrorClass) {
        #expect(ErrorClass.classify(code: 999_999, httpStatus: status) == expected)
        #expect(ErrorClass.classify(code: nil, httpStatus: status) == expected)
    }

    @Test("The table has no code twice")
    func unique() {
        let codes = ErrorClass.codes.flatMap { Array($0.codes) }
        #expect(Set(codes).count == codes.count)
    }

    @Test("The table agrees with the collected one, row by row")
    func collected() throws {
        struct Table: Decodable {
            struct Row: Decodable {
                var code: Code
                var `class`: String
            }
            enum Code: Decodable {
                case one(Int)
                case range(String)
                init(from decoder: any Decoder) throws {
                    let value = try decoder.singleValueContainer()
                    if let code = try? value.decode(Int.self) {
                        self = .one(code)
                    } else {
                        self = .range(try value.decode(String.self))
                    }
                }
            }
            var codes: [Row]
        }
        let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("../shared/fixtures/channel/wa/error-codes.json")
        guard let data = FileManager.default.contents(atPath: file.path) else {
            print("skipped: no error-codes.json beside the checkout")
            return
        }
        let table = try JSONDecoder().decode(Table.self, from: data)
        for row in table.codes {
            let codes: [Int]
            switch row.code {
            case .one(let code): codes = [code]
            case .range(let text): codes = text.split(separator: "-").compactMap { Int($0) }
            }
            for code in codes {
                #expect(ErrorClass.classify(code: code).rawValue == row.class, "\(code)")
            }
        }
        #expect(table.codes.count > 50)
    }
}
