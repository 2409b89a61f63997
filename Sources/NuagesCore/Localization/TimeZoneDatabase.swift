import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A time zone that cannot be had.
public enum TimeZoneError: Error, Hashable, CustomStringConvertible {
    /// The system's database has no such zone.
    case unknown(name: String)
    /// The zone's file is damaged.
    case malformed(name: String)

    /// What is wrong, then what to do.
    public var description: String {
        switch self {
        case .unknown(let name):
            "There is no time zone '\(name)' in the system's time-zone database. "
                + "Use a name such as 'Europe/Paris' or 'UTC', and install the package tzdata."
        case .malformed(let name):
            "The file of the time zone '\(name)' is damaged. Reinstall the package tzdata."
        }
    }
}

extension TimeZoneRules {
    private static let directories = [
        "/usr/share/zoneinfo", "/var/db/timezone/zoneinfo", "/usr/lib/zoneinfo",
    ]
    private static let cache = Mutex<[ByteKey: TimeZoneRules]>([:])
    private static let cacheLimit = 1000

    /// Reads a zone from the system's database; each is read once.
    ///
    /// - Parameter name: the zone's name, such as `Europe/Paris`.
    /// - Returns: the zone.
    /// - Throws: ``TimeZoneError``.
    public static func named(_ name: String) throws(TimeZoneError) -> TimeZoneRules {
        if name == "UTC" { return .utc }
        guard isWellFormed(name) else { throw .unknown(name: name) }
        if let cached = cache.withLock({ $0[ByteKey(name)] }) { return cached }
        for directory in directories {
            guard let data = try? Data(contentsOf: URL(filePath: "\(directory)/\(name)")) else {
                continue
            }
            guard let rules = TimeZoneFile(bytes: Array(data), name: name).rules() else {
                throw .malformed(name: name)
            }
            cache.withLock { if $0.count < cacheLimit { $0[ByteKey(name)] = rules } }
            return rules
        }
        throw .unknown(name: name)
    }

    /// Only names, never paths: no `..`, no leading slash, no byte outside the database's.
    private static func isWellFormed(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 64, name.utf8.first != UInt8(ascii: "/") else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "_"),
                UInt8(ascii: "+"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}

/// Reads TZif, RFC 9636.
struct TimeZoneFile {
    let bytes: [UInt8]
    let name: String

    private struct Header {
        var utcFlags: Int
        var standardFlags: Int
        var leapSeconds: Int
        var transitions: Int
        var types: Int
        var characters: Int

        func size(timeBytes: Int) -> Int {
            transitions * (timeBytes + 1) + types * 6 + characters
                + leapSeconds * (timeBytes + 4) + standardFlags + utcFlags
        }
    }

    func rules() -> TimeZoneRules? {
        guard let first = header(at: 0), bytes.count > 44 else { return nil }
        if bytes[4] < UInt8(ascii: "2") {
            return block(first, at: 44, timeBytes: 4, footerAt: nil)
        }
        let second = 44 + first.size(timeBytes: 4)
        guard let header = header(at: second) else { return nil }
        let start = second + 44
        return block(
            header,
            at: start,
            timeBytes: 8,
            footerAt: start + header.size(timeBytes: 8)
        )
    }

    private func header(at offset: Int) -> Header? {
        guard bytes.count >= offset + 44,
            bytes[offset..<offset + 4].elementsEqual("TZif".utf8)
        else { return nil }
        let counts = (0..<6).map { integer(at: offset + 20 + $0 * 4, size: 4) }
        guard counts.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
        return Header(
            utcFlags: counts[0],
            standardFlags: counts[1],
            leapSeconds: counts[2],
            transitions: counts[3],
            types: counts[4],
            characters: counts[5]
        )
    }

    private func block(
        _ header: Header,
        at start: Int,
        timeBytes: Int,
        footerAt: Int?
    ) -> TimeZoneRules? {
        guard start + header.size(timeBytes: timeBytes) <= bytes.count, header.types > 0 else {
            return nil
        }
        let indexStart = start + header.transitions * timeBytes
        let typeStart = indexStart + header.transitions
        let nameStart = typeStart + header.types * 6
        let types = (0..<header.types).map { type in
            let offset = typeStart + type * 6
            return TimeZoneRules.Setting(
                offset: integer(at: offset, size: 4),
                isDaylight: bytes[offset + 4] != 0,
                abbreviation: name(
                    from: nameStart + Int(bytes[offset + 5]),
                    to: nameStart + header.characters
                )
            )
        }
        let indices = bytes[indexStart..<typeStart].map(Int.init)
        guard indices.allSatisfy({ $0 < types.count }) else { return nil }
        return TimeZoneRules(
            name: self.name,
            transitions: (0..<header.transitions).map {
                integer(at: start + $0 * timeBytes, size: timeBytes)
            },
            settings: indices.map { types[$0] },
            initial: types.first { !$0.isDaylight } ?? types[0],
            rule: footerAt.flatMap(footer)
        )
    }

    private func footer(at offset: Int) -> PosixTimeZone? {
        guard offset < bytes.count, bytes[offset] == 10 else { return nil }
        let line = bytes[(offset + 1)...].prefix { $0 != 10 }
        return PosixTimeZone(String(decoding: line, as: UTF8.self))
    }

    private func name(from start: Int, to end: Int) -> String {
        guard start < end else { return "" }
        return String(decoding: bytes[start..<end].prefix { $0 != 0 }, as: UTF8.self)
    }

    private func integer(at offset: Int, size: Int) -> Int {
        guard offset + size <= bytes.count else { return 0 }
        let value = bytes[offset..<offset + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return size == 4
            ? Int(Int32(truncatingIfNeeded: value)) : Int(Int64(truncatingIfNeeded: value))
    }
}
