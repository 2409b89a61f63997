/// A format of dates and times in the letters of C and Python: `%d/%m/%Y`.
///
///     DateInputFormat("%d/%m/%Y").parse("29/02/2024")    // 2024-02-29 00:00
///
/// A format is compiled once. Names of months and days are English, as Django reads them.
public struct DateInputFormat: Sendable, ExpressibleByStringLiteral {
    enum Piece: Sendable {
        case text(Unicode.Scalar)
        case blanks
        case directive(Unicode.Scalar)
    }

    /// The format as it was written.
    public let source: String
    let pieces: [Piece]
    /// Whether this is `%Y-%m-%d`, which most dates are written in.
    let isISODate: Bool

    /// Compiles a format.
    ///
    /// - Parameter source: text with directives such as `%Y`.
    public init(_ source: String) {
        self.source = source
        isISODate = source.equalsBytes("%Y-%m-%d")
        var pieces: [Piece] = []
        var isDirective = false
        for scalar in source.unicodeScalars {
            if isDirective {
                pieces.append(scalar == "%" ? .text("%") : .directive(scalar))
                isDirective = false
            } else if scalar == "%" {
                isDirective = true
            } else if PythonText.isSpace(scalar) {
                if case .blanks? = pieces.last { continue }
                pieces.append(.blanks)
            } else {
                pieces.append(.text(scalar))
            }
        }
        self.pieces = pieces
    }

    /// Compiles a format.
    ///
    /// - Parameter value: text with directives such as `%Y`.
    public init(stringLiteral value: String) { self.init(value) }

    /// Whether the format shows parts of a second.
    package var showsMicroseconds: Bool {
        pieces.contains { if case .directive("f") = $0 { true } else { false } }
    }

    package static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
    static let weekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
}
