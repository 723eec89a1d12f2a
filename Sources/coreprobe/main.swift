// SPDX-License-Identifier: Apache-2.0

// Calls one thing in every core target, so that the linker keeps them all. A test reads the binary's
// dependencies: no Foundation, ICU, libxml2, SQLite or libcurl may be among them.

import Documents

let issued = Day(number: 20_000)
let amount = Money(minorUnits: 118_000, currency: .eur)
let third = amount.split(by: [1, 1, 1]).first ?? amount
print("Documents \(third) \(issued.text)")
