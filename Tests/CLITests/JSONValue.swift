// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the program prints with `--json`, or one line of a listing.
enum JSONValue: Decodable, Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Int)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    struct NotJSON: Error, CustomStringConvertible {
        var description: String
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    static func read(_ text: some StringProtocol) throws -> JSONValue {
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        } catch {
            throw NotJSON(description: "this is no JSON value: \(text.prefix(400))")
        }
    }

    static func lines(_ text: String) throws -> [JSONValue] {
        try text.split(separator: "\n").map { try read($0) }
    }

    subscript(key: String) -> JSONValue {
        if case .object(let entries) = self { entries[key] ?? .null } else { .null }
    }

    var items: [JSONValue] { if case .list(let items) = self { items } else { [] } }

    /// A scalar as text; empty for null.
    var text: String {
        switch self {
        case .null, .list, .object: ""
        case .bool(let value): String(value)
        case .number(let value): String(value)
        case .text(let value): value
        }
    }

    var isTrue: Bool { self == .bool(true) }
}
