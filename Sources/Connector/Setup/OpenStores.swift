// SPDX-License-Identifier: Apache-2.0
import Store
import Synchronization

/// Databases that stay open and policies that stay compiled, for a process that runs many commands.
package final class OpenStores: Sendable {
    private let stores = Mutex<[String: StoreFile]>([:])
    private let policies = Mutex<[String: PolicyFile]>([:])

    package init() {}

    /// The database at a path, opened for writing the first time it is asked for.
    func store(at path: String) throws -> StoreFile {
        try stores.withLock { stores in
            if let open = stores[path] { return open }
            let opened = try StoreFile(path: path, mode: .readWrite)
            stores[path] = opened
            return opened
        }
    }

    /// The policy compiled from these bytes before, by their digest.
    func policy(_ digest: String) -> PolicyFile? { policies.withLock { $0[digest] } }

    func keep(_ policy: PolicyFile) { policies.withLock { $0[policy.digest] = policy } }

    package func close() throws {
        let all = stores.withLock { stores in
            defer { stores = [:] }
            return stores.keys.sorted().compactMap { stores[$0] }
        }
        for store in all { try store.close() }
    }
}
