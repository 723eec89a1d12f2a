// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TieoutTesting

/// What `swift package dump-package` says, as far as the import table cares.
struct Manifest: Decodable {
    struct Target: Decodable {
        var name: String
        var type: String
        var dependencies: [Dependency]
    }

    /// `{"byName": ["Ledger", null]}`, `{"target": ["Ledger", null]}` or `{"product": ["GRDB", "GRDB.swift", …]}`.
    struct Dependency: Decodable {
        var name: String

        init(from decoder: any Decoder) throws {
            let fields = try decoder.singleValueContainer().decode([String: [Field]].self)
            name = fields.values.compactMap(\.first?.text).sorted().joined(separator: "+")
        }
    }

    private struct Field: Decodable {
        var text: String?

        init(from decoder: any Decoder) throws {
            text = try? decoder.singleValueContainer().decode(String.self)
        }
    }

    var targets: [Target]

    /// Where the manifest and the table disagree; a room without a folder yet may be missing from the manifest.
    var disagreements: [String] {
        targets.flatMap { target -> [String] in
            if target.type == "system" {
                return ImportTable.systemLibraries.contains(target.name)
                    ? [] : ["\(target.name): not a system library of the import table"]
            }
            guard let room = ImportTable.room(target.name) else {
                return ["\(target.name): not in the import table"]
            }
            let declared = Set(target.dependencies.map(\.name))
            let allowed = Set(room.targets + room.products)
            let surplus = declared.subtracting(allowed).sorted()
                .map { "\(target.name): Package.swift lets it use \($0), the import table does not" }
            let missing = allowed.subtracting(declared).sorted()
                .map { "\(target.name): the import table lets it use \($0), Package.swift does not" }
            return surplus + missing
        }
    }
}

@Suite("The manifest says what the import table says")
struct ManifestTests {
    @Test("Every target of Package.swift depends on exactly what its line in the import table lists")
    func agrees() throws {
        let manifest = try JSONDecoder().decode(Manifest.self, from: dump())
        #expect(manifest.targets.count > ImportTable.core.count)
        #expect(manifest.disagreements == [])
    }

    @Test("A dependency beyond the table is caught by name")
    func catchesSurplus() throws {
        let manifest = try JSONDecoder().decode(
            Manifest.self, from: Data(contentsOf: Repository.fixture("Tidy/undeclared-dependency.json")))
        #expect(manifest.disagreements == ["Ledger: Package.swift lets it use Store, the import table does not"])
    }

    @Test("The table's imports go up only, and the core has no products and no platform")
    func tableIsLayered() {
        var above: Set<String> = Set(ImportTable.systemLibraries)
        for room in ImportTable.core + ImportTable.edges + ImportTable.composition {
            #expect(Set(room.targets).isSubset(of: above), "\(room.name)")
            if room.isCore {
                #expect(room.products.isEmpty, "\(room.name)")
                #expect(Set(room.system).isSubset(of: ["_StringProcessing"]), "\(room.name)")
            }
            let isEdge = ImportTable.edges.contains { $0.name == room.name }
            if !isEdge { above.insert(room.name) }
            if isEdge, room.name == ImportTable.edges.last?.name {
                above.formUnion(ImportTable.edges.map(\.name))
            }
        }
    }

    @Test("coreprobe imports every core target that exists")
    func probeIsComplete() throws {
        let probe = SourceFile(
            path: "Sources/coreprobe/main.swift", text: try Repository.text("Sources/coreprobe/main.swift"))
        let existing = ImportTable.allCore.filter { name in
            !Repository.files(under: Repository.url("Sources/\(name)"), ending: ".swift").isEmpty
        }
        #expect(Declarations.imports(in: probe).map(\.name).sorted() == existing.sorted())
    }

    /// The manifest as JSON, with a build folder of its own: the one of the running tests is locked.
    private func dump() throws -> Data {
        let scratch = try ScratchFolder("manifest")
        return try Command.run(
            "swift", ["package", "--scratch-path", scratch.path("build"), "dump-package"],
            in: Repository.root)
    }
}
