extension SQL: ExpressibleByStringInterpolation {
    /// SQL from a literal without interpolations.
    ///
    /// - Parameter value: the text.
    public init(stringLiteral value: String) { self.init(unsafe: value) }

    /// SQL from a literal with interpolations.
    ///
    /// - Parameter stringInterpolation: its pieces.
    public init(stringInterpolation: Interpolation) {
        self.init(
            fragments: stringInterpolation.fragments,
            repeated: stringInterpolation.repeated
        )
    }

    /// The pieces of an SQL literal.
    public struct Interpolation: StringInterpolationProtocol {
        var fragments: [Fragment] = []
        var repeated: [SQL] = []

        /// No pieces yet.
        ///
        /// - Parameters:
        ///   - literalCapacity: the size of the text in the literal.
        ///   - interpolationCount: the number of interpolations in the literal.
        public init(literalCapacity: Int, interpolationCount: Int) {
            fragments.reserveCapacity(2 * interpolationCount + 1)
        }

        /// Adds text of the literal.
        ///
        /// - Parameter literal: the text.
        public mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { fragments.append(.text(literal)) }
        }

        /// Binds a value.
        ///
        /// - Parameter value: the value.
        public mutating func appendInterpolation(_ value: some FieldValue) {
            fragments.append(.binding(value.sqlValue))
        }

        /// Binds a value.
        ///
        /// - Parameter value: the value.
        public mutating func appendInterpolation(_ value: SQLValue) {
            fragments.append(.binding(value))
        }

        /// Quotes a name.
        ///
        /// - Parameter identifier: the name of a table, column, index, constraint or alias.
        public mutating func appendInterpolation(identifier: String) {
            fragments.append(.identifier(identifier))
        }

        /// Quotes names and separates them by commas.
        ///
        /// - Parameter identifiers: the names.
        public mutating func appendInterpolation(identifiers: [String]) {
            for (index, name) in identifiers.enumerated() {
                if index > 0 { fragments.append(.text(", ")) }
                fragments.append(.identifier(name))
            }
        }

        /// Inserts other SQL.
        ///
        /// - Parameter sql: text with bound values of its own.
        public mutating func appendInterpolation(sql: SQL) {
            fragments.append(contentsOf: sql.fragments)
            if !sql.repeated.isEmpty { repeated.append(contentsOf: sql.repeated) }
        }
    }
}
