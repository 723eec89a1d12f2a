// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What libFuzzer calls with each input; `TIEOUT_FUZZ_PARSER` names the parser, `list` prints their names.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe data.map { unsafe Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
    chosen.check(bytes)
    return 0
}

private let chosen: Parser = {
    let name = ProcessInfo.processInfo.environment["TIEOUT_FUZZ_PARSER"] ?? ""
    if let parser = Parser.all.first(where: { $0.name == name }) { return parser }
    FileHandle.standardOutput.write(Data((Parser.all.map(\.name).joined(separator: "\n") + "\n").utf8))
    // Not `exit`, which libFuzzer takes for a crash.
    _exit(name == "list" ? 0 : 2)
}()
