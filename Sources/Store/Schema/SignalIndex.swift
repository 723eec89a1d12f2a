// SPDX-License-Identifier: Apache-2.0

/// What a customer last said of a kind is found without reading what the others said.
enum SignalIndex {
    static let sql = "CREATE INDEX signal_customer ON signal(company, customer_id, kind, at);"
}
