/// A pattern of HTML with places for values, which are escaped.
///
///     try HTMLFormat("<b>{}</b> {name}").html(["a<b"], ["name": "x"])
///     // <b>a&lt;b</b> x
///
/// Places are those of Python's `str.format` for text: `{}`, `{0}`, `{name}`, with a conversion
/// and a width (`{0!s:>10}`); `{{` and `}}` are braces.
///
/// Django: `django.utils.html.format_html`.
public struct HTMLFormat: Sendable {
    /// Why a pattern or its values cannot be used.
    public enum Failure: Error, Hashable, CustomStringConvertible {
        /// The pattern breaks off or has a brace too many.
        case malformed(String)
        /// There is no value for a place.
        case missingValue(String)
        /// There are no values at all, so that nothing would be escaped.
        case noValues

        /// What is wrong.
        public var description: String {
            switch self {
            case .malformed(let reason): reason
            case .missingValue(let name): "There is no value for '{\(name)}'."
            case .noValues: "args or kwargs must be provided."
            }
        }
    }

    private enum Piece: Sendable {
        case text(String)
        case place(name: String, conversion: Unicode.Scalar?, layout: Layout)
    }

    /// How a value is set in its place.
    private struct Layout: Sendable {
        var fill: Unicode.Scalar = " "
        var alignment: Unicode.Scalar = "<"
        var width = 0
        var precision: Int?

        /// Longer than any page needs.
        static let limit = 10_000

        func applied(to text: String) -> String {
            var scalars = Array(text.unicodeScalars)
            if let precision { scalars = Array(scalars.prefix(precision)) }
            let missing = max(0, width - scalars.count)
            let left =
                switch alignment {
                case ">": missing
                case "^": missing / 2
                default: 0
                }
            let output =
                Array(repeating: fill, count: left) + scalars
                + Array(repeating: fill, count: missing - left)
            return Truncator.text(output)
        }
    }

    private let pieces: [Piece]

    /// Reads a pattern, which is HTML of the program: nothing of a visitor may be in it.
    ///
    /// - Parameter pattern: the HTML with its places.
    /// - Throws: ``Failure/malformed(_:)``.
    public init(_ pattern: String) throws(Failure) {
        var reader = Reader(scalars: Array(pattern.unicodeScalars))
        pieces = try reader.pieces()
    }

    /// The pattern with the values in their places, escaped unless they are safe.
    ///
    /// A deferred value writes nothing: it has to be fetched before.
    ///
    /// - Parameters:
    ///   - values: the values of the places without a name, in order.
    ///   - named: the values of the places with one.
    /// - Returns: the HTML.
    /// - Throws: ``Failure/missingValue(_:)``; ``Failure/noValues`` where there are none at all.
    public func html(
        _ values: [any ContextConvertible],
        _ named: ContextDictionary = ContextDictionary()
    ) throws(Failure) -> SafeString {
        let values = values.map(\.contextValue)
        guard !values.isEmpty || !named.isEmpty else { throw .noValues }
        var output = ""
        var next = 0
        for piece in pieces {
            switch piece {
            case .text(let text): output += text
            case .place(var name, let conversion, let layout):
                if name.isEmpty {
                    name = String(next)
                    next += 1
                }
                let value = PythonText.int(name).map {
                    values.indices.contains($0) ? values[$0] : nil
                }
                guard let found = value ?? named[name] else { throw .missingValue(name) }
                let html = Self.escaped(found)
                let shown = conversion == "r" || conversion == "a" ? PythonText.repr(html) : html
                output += layout.applied(to: shown)
            }
        }
        return SafeString(unsafe: output)
    }

    private static func escaped(_ value: ContextValue) -> String {
        var value = value
        for _ in 0..<16 {
            guard case .lazy(let compute) = value, let computed = try? compute() else { break }
            value = computed
        }
        return value.escapedText.html
    }

    /// Reads a pattern piece by piece.
    private struct Reader {
        let scalars: [Unicode.Scalar]
        var index = 0
        private var text: [Unicode.Scalar] = []
        private var numbering: (automatic: Bool, manual: Bool) = (false, false)

        init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

        mutating func pieces() throws(Failure) -> [Piece] {
            var pieces: [Piece] = []
            while index < scalars.count {
                let scalar = scalars[index]
                index += 1
                guard scalar == "{" || scalar == "}" else {
                    text.append(scalar)
                    continue
                }
                if index < scalars.count, scalars[index] == scalar {
                    text.append(scalar)
                    index += 1
                    continue
                }
                guard scalar == "{" else {
                    throw .malformed("Single '}' encountered in format string")
                }
                if !text.isEmpty { pieces.append(.text(Truncator.text(text))) }
                text = []
                pieces.append(try place())
            }
            if !text.isEmpty { pieces.append(.text(Truncator.text(text))) }
            return pieces
        }

        private mutating func place() throws(Failure) -> Piece {
            guard index < scalars.count else {
                throw .malformed("Single '{' encountered in format string")
            }
            guard let end = scalars[index...].firstIndex(of: "}") else {
                throw .malformed("expected '}' before end of string")
            }
            let body = scalars[index..<end]
            index = end + 1
            guard !body.contains("{") else { throw .malformed("unexpected '{' in field name") }
            let nameEnd = body.firstIndex { $0 == "!" || $0 == ":" } ?? body.endIndex
            let name = Truncator.text(body[..<nameEnd])
            try count(name)
            var rest = body[nameEnd...]
            var conversion: Unicode.Scalar?
            if rest.first == "!" {
                rest = rest.dropFirst()
                guard let letter = rest.popFirst(), "rsa".unicodeScalars.contains(letter),
                    rest.first.map({ $0 == ":" }) ?? true
                else { throw .malformed("expected a conversion behind '!'") }
                conversion = letter
            }
            let layout = try layout(rest.dropFirst())
            return .place(name: name, conversion: conversion, layout: layout)
        }

        /// Places are numbered by themselves or by hand, never both.
        private mutating func count(_ name: String) throws(Failure) {
            if name.isEmpty { numbering.automatic = true }
            if PythonText.int(name) != nil { numbering.manual = true }
            guard !numbering.automatic || !numbering.manual else {
                throw .malformed(
                    "cannot switch between automatic and manual field numbering"
                )
            }
        }

        private func layout(_ scalars: ArraySlice<Unicode.Scalar>) throws(Failure) -> Layout {
            var layout = Layout()
            var rest = scalars
            let alignments = "<>^".unicodeScalars
            if rest.count > 1, alignments.contains(rest[rest.startIndex + 1]) {
                layout.fill = rest[rest.startIndex]
                layout.alignment = rest[rest.startIndex + 1]
                rest = rest.dropFirst(2)
            } else if let first = rest.first, alignments.contains(first) {
                layout.alignment = first
                rest = rest.dropFirst()
            }
            if rest.first == "0" {
                if layout.fill == " " { layout.fill = "0" }
                rest = rest.dropFirst()
            }
            layout.width = try number(&rest) ?? 0
            if rest.first == "." {
                rest = rest.dropFirst()
                guard let precision = try number(&rest) else {
                    throw .malformed("Format specifier missing precision")
                }
                layout.precision = precision
            }
            if rest.first == "s" { rest = rest.dropFirst() }
            guard rest.isEmpty else {
                throw .malformed("Unknown format '\(Truncator.text(scalars))' for text")
            }
            return layout
        }

        private func number(_ rest: inout ArraySlice<Unicode.Scalar>) throws(Failure) -> Int? {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(digits.count)
            guard let number = Int(Truncator.text(digits)), number <= Layout.limit else {
                throw .malformed("Too many decimal digits in format string")
            }
            return number
        }
    }
}

extension HTMLFormat {
    /// The pattern for each row of values, joined by a separator that is escaped unless safe.
    ///
    ///     try HTMLFormat("<li>{}: {}</li>").joined([["a", 1], ["b", 2]]).html
    ///     // <li>a: 1</li><li>b: 2</li>
    ///
    /// Django: `django.utils.html.format_html_join`.
    ///
    /// - Parameters:
    ///   - rows: the values of each row, in order.
    ///   - separator: what stands between two rows.
    /// - Returns: the HTML.
    /// - Throws: ``Failure``, as ``html(_:_:)`` does.
    public func joined(
        _ rows: [[any ContextConvertible]],
        separator: any ContextConvertible = ""
    ) throws(Failure) -> SafeString {
        try joined(rows.map { ($0, [:]) }, separator)
    }

    /// The pattern for each row of named values, joined by a separator that is escaped unless safe.
    ///
    /// Django: `django.utils.html.format_html_join`, given mappings.
    ///
    /// - Parameters:
    ///   - rows: the values of each row by their names.
    ///   - separator: what stands between two rows.
    /// - Returns: the HTML.
    /// - Throws: ``Failure``, as ``html(_:_:)`` does.
    public func joined(
        named rows: [ContextDictionary],
        separator: any ContextConvertible = ""
    ) throws(Failure) -> SafeString {
        try joined(rows.map { ([], $0) }, separator)
    }

    private func joined(
        _ rows: [(values: [any ContextConvertible], named: ContextDictionary)],
        _ separator: any ContextConvertible
    ) throws(Failure) -> SafeString {
        var parts: [String] = []
        for row in rows { parts.append(try html(row.values, row.named).html) }
        return SafeString(unsafe: parts.joined(separator: Self.escaped(separator.contextValue)))
    }
}
