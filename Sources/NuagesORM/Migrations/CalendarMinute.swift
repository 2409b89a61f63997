import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A minute of a day in universal time, as generated names hold it: `20260131_1200`.
public struct CalendarMinute: Sendable, Hashable, CustomStringConvertible {
    /// `20260131_1200`.
    public let description: String

    /// A minute.
    ///
    /// - Parameter secondsSince1970: a moment in it.
    public init(secondsSince1970: Int) {
        let day =
            secondsSince1970 >= 0
            ? secondsSince1970 / 86_400 : (secondsSince1970 - 86_399) / 86_400
        let minutes = (secondsSince1970 - day * 86_400) / 60
        let date = CalendarDate(daysSince1970: day)
        let digits = (date?.description ?? "").filter { $0 != "-" }
        description = "\(digits)_\(Self.two(minutes / 60))\(Self.two(minutes % 60))"
    }

    /// This minute.
    public static var current: CalendarMinute {
        CalendarMinute(secondsSince1970: Int(Date().timeIntervalSince1970))
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
