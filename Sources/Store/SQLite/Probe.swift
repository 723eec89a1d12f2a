// SPDX-License-Identifier: Apache-2.0
import GRDB
import Crypto
func probe() throws { _ = try DatabasePool(path: "x") }
