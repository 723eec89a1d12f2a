// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TieoutTesting

/// SIGKILL at a chosen moment of a command's life, told by what the kernel and the database show.
enum Kill {
    /// Where a kill is aimed at; where it fell is seen afterwards.
    enum Aim: CaseIterable { case before, inside, after }

    enum Fell: String, CaseIterable {
        case beforeBegin = "before BEGIN"
        case inside = "inside the transaction"
        case afterCommit = "after COMMIT"
        case finished = "after the process had ended"
    }

    /// Seconds from the start of the process, of one run that nobody disturbed.
    struct Course: Sendable {
        var begin: Double
        var commit: Double
        var end: Double
    }

    /// What was seen while the process stood still.
    struct Sight {
        var ended: Ended
        var heldWriteLock: Bool
        var hadEnded: Bool
    }

    /// How many kills fell where.
    struct Tally: CustomStringConvertible {
        private(set) var counts: [Fell: Int] = [:]
        let name: String

        init(_ name: String) { self.name = name }

        mutating func add(_ fell: Fell) { counts[fell, default: 0] += 1 }

        var total: Int { counts.values.reduce(0, +) }

        var inside: Int { counts[.inside] ?? 0 }

        var description: String {
            "\(total) kills of \(name): "
                + Fell.allCases.map { "\(counts[$0] ?? 0) \($0.rawValue)" }.joined(separator: ", ")
        }
    }

    /// Whether the process holds SQLite's WAL write lock: byte 120 of the `-shm` file, from BEGIN IMMEDIATE to COMMIT.
    static func holdsWriteLock(_ pid: pid_t) -> Bool {
        let text = FileManager.default.contents(atPath: "/proc/locks") ?? Data()
        let name = String(pid)
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count >= 8, fields[1] == "POSIX", fields[3] == "WRITE", fields[4] == name,
                let first = Int(fields[6]), let last = Int(fields[7])
            else { continue }
            if first <= 120, last >= 120, last < 128 { return true }
        }
        return false
    }

    static var now: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func sleep(_ seconds: Double) {
        guard seconds > 0 else { return }
        usleep(UInt32(min(seconds, 60) * 1_000_000))
    }

    /// True until the process has become a zombie or is gone.
    private static func isAlive(_ pid: pid_t) -> Bool {
        guard let stat = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
        let text = String(decoding: stat, as: UTF8.self)
        guard let close = text.lastIndex(of: ")") else { return false }
        return !text[close...].dropFirst().drop { $0 == " " }.hasPrefix("Z")
    }

    /// Waits until the write lock is held, or released again; false when the process ends first.
    private static func wait(_ process: Running, until held: Bool) -> Bool {
        while holdsWriteLock(process.pid) != held {
            guard isAlive(process.pid) else { return false }
            usleep(50)
        }
        return true
    }

    /// Runs a command to its end and measures its longest transaction: a shorter one may come before it, such as the
    /// recovery of what an earlier process left.
    static func watch(_ process: Running) -> (Ended, Course) {
        let start = now
        var course = Course(begin: 0, commit: 0, end: 0)
        while wait(process, until: true) {
            let begin = now - start
            _ = wait(process, until: false)
            let commit = now - start
            if commit - begin > course.commit - course.begin { (course.begin, course.commit) = (begin, commit) }
        }
        let ended = process.wait()
        course.end = now - start
        if course.begin == 0 { (course.begin, course.commit) = (course.end * 0.8, course.end * 0.9) }
        return (ended, course)
    }

    /// Kills the process somewhere in the stretch of its life that is aimed at.
    static func strike(
        _ process: Running, _ aim: Aim, _ course: Course, _ generator: inout SplitMix64
    ) -> Sight {
        func part(of seconds: Double) -> Double { seconds * Double(generator.int(in: 0...999)) / 1000 }
        switch aim {
        case .before: sleep(part(of: course.begin * 0.95))
        case .inside:
            while wait(process, until: true) {
                sleep(part(of: (course.commit - course.begin) * 0.6))
                if holdsWriteLock(process.pid) { break }
            }
        case .after:
            while wait(process, until: true) {
                let begin = now
                guard wait(process, until: false) else { break }
                if now - begin > (course.commit - course.begin) * 0.3 { break }
            }
            sleep(part(of: (course.end - course.commit) * 0.5))
        }
        let stands = process.freeze()
        let held = stands && holdsWriteLock(process.pid)
        process.send(SIGKILL)
        let ended = process.wait()
        return Sight(ended: ended, heldWriteLock: held, hadEnded: ended.signal == nil)
    }

    /// Where it fell, given whether its work is in the database now.
    static func fell(_ sight: Sight, landed: Bool) -> Fell {
        if sight.hadEnded { return .finished }
        if landed { return .afterCommit }
        return sight.heldWriteLock ? .inside : .beforeBegin
    }

    /// Two in ten before, six inside, two after.
    static func aim(_ index: Int) -> Aim {
        switch index % 10 {
        case 0, 5: .before
        case 1, 6: .after
        default: .inside
        }
    }
}
