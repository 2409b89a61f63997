/// A value that cannot be written in the format asked for.
public enum DateFormatError: Error, Hashable, CustomStringConvertible {
    /// A date has no time of day, but the format asks for one.
    case timeInDateFormat(specifier: String)
    /// A time of day has no date, but the format asks for one.
    case dateInTimeFormat(specifier: String)

    /// What is wrong.
    public var description: String {
        switch self {
        case .timeInDateFormat(let specifier):
            "The format for date objects may not contain time-related format specifiers "
                + "(found '\(specifier)')."
        case .dateInTimeFormat(let specifier):
            "The format for time objects may not contain date-related format specifiers "
                + "(found '\(specifier)')."
        }
    }
}

/// Writes dates and times in Django's format characters.
///
///     DateFormat("j N Y, P").text(of: value)     // 29 Feb. 2024, 1:05 p.m.
///
/// A format is compiled once and may be kept.
///
/// Django: `django.utils.dateformat`.
public struct DateFormat: Sendable {
    private enum Piece: Sendable {
        case text([UInt8])
        case specifier(UInt8)
    }

    private let pieces: [Piece]

    /// Compiles a format.
    ///
    /// - Parameter format: format characters and other text; a backslash makes a character text.
    public init(_ format: String) {
        var pieces: [Piece] = []
        var text: [UInt8] = []
        var previous: UInt8 = 0
        // Django splits at each specifier that no backslash precedes, then removes backslashes
        // from the text between them.
        var isEscaped = false
        for byte in format.utf8 {
            if Self.isSpecifier(byte), previous != UInt8(ascii: "\\") {
                if isEscaped { text.append(UInt8(ascii: "\\")) }
                isEscaped = false
                if !text.isEmpty { pieces.append(.text(text)) }
                text = []
                pieces.append(.specifier(byte))
            } else if isEscaped {
                if byte == UInt8(ascii: "\n") { text.append(UInt8(ascii: "\\")) }
                text.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                text.append(byte)
            }
            previous = byte
        }
        if isEscaped { text.append(UInt8(ascii: "\\")) }
        if !text.isEmpty { pieces.append(.text(text)) }
        self.pieces = pieces
    }

    /// A bit for each format character, counted from `A`.
    private static let specifiers = "aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTUuwWyYzZ".utf8.reduce(
        into: UInt64(0)
    ) { $0 |= 1 << UInt64($1 - 0x41) }

    private static func isSpecifier(_ byte: UInt8) -> Bool {
        (0x41...0x7A).contains(byte) && specifiers &>> UInt64(byte - 0x41) & 1 == 1
    }

    /// The text of a date and time.
    ///
    /// - Parameters:
    ///   - value: the date and time.
    ///   - localization: the language, and the zone of a time that has none.
    /// - Returns: the text.
    public func text(of value: LocalDateTime, _ localization: Localization) -> String {
        var output: [UInt8] = []
        append(value, localization, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends the text of a date and time to a page.
    ///
    /// - Parameters:
    ///   - value: the date and time.
    ///   - localization: the language, and the zone of a time that has none.
    ///   - output: the bytes of the page so far.
    package func append(
        _ value: LocalDateTime,
        _ localization: Localization,
        to output: inout [UInt8]
    ) {
        let writer = DatePieceWriter(value: value, localization: localization)
        for piece in pieces {
            switch piece {
            case .text(let bytes): output.append(contentsOf: bytes)
            case .specifier(let specifier): writer.append(specifier, to: &output)
            }
        }
    }

    /// The text of a day.
    ///
    /// - Parameters:
    ///   - value: the day.
    ///   - localization: the language.
    /// - Returns: the text.
    /// - Throws: ``DateFormatError/timeInDateFormat(specifier:)``.
    public func text(
        of value: CalendarDate,
        _ localization: Localization
    ) throws(DateFormatError) -> String {
        for case .specifier(let specifier) in pieces
        where "aAefgGhHiOPsTuZ".utf8.contains(specifier) {
            throw .timeInDateFormat(specifier: String(UnicodeScalar(specifier)))
        }
        guard let midnight = TimeOfDay(hour: 0, minute: 0) else { return "" }
        let writer = DatePieceWriter(
            value: LocalDateTime(date: value, time: midnight),
            localization: localization,
            isDate: true
        )
        return text(writer)
    }

    /// The text of a time of day.
    ///
    /// - Parameters:
    ///   - value: the time.
    ///   - localization: the language.
    /// - Returns: the text.
    /// - Throws: ``DateFormatError/dateInTimeFormat(specifier:)``.
    public func text(
        of value: TimeOfDay,
        _ localization: Localization
    ) throws(DateFormatError) -> String {
        try text(of: value, localization, allowing: "aAefgGhHiOPsTuZ")
    }

    /// The text of a time of day in a format for dates, of which ISO 8601 can be had too.
    package func dateText(
        of value: TimeOfDay,
        _ localization: Localization
    ) throws(DateFormatError) -> String {
        try text(of: value, localization, allowing: "aAcefgGhHiIOPsTuZ")
    }

    private func text(
        of value: TimeOfDay,
        _ localization: Localization,
        allowing specifiers: String
    ) throws(DateFormatError) -> String {
        for case .specifier(let specifier) in pieces
        where !specifiers.utf8.contains(specifier) {
            throw .dateInTimeFormat(specifier: String(UnicodeScalar(specifier)))
        }
        guard let day = CalendarDate(year: 1970, month: 1, day: 1) else { return "" }
        return text(
            DatePieceWriter(
                value: LocalDateTime(date: day, time: value),
                localization: localization,
                isTime: true
            )
        )
    }

    /// The time part of a date and time alone; nil where the format asks for the date.
    package func timeText(
        of value: LocalDateTime,
        _ localization: Localization
    ) throws(DateFormatError) -> String {
        for case .specifier(let specifier) in pieces
        where !"aAefgGhHiOPsTuZ".utf8.contains(specifier) {
            throw .dateInTimeFormat(specifier: String(UnicodeScalar(specifier)))
        }
        return text(of: value, localization)
    }

    private func text(_ writer: DatePieceWriter) -> String {
        var output: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .text(let bytes): output.append(contentsOf: bytes)
            case .specifier(let specifier): writer.append(specifier, to: &output)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
