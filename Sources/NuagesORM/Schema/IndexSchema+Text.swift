extension IndexSchema {
    /// ` USING gin`, or nothing.
    var methodText: String {
        get throws(MigrationError) {
            guard let method else { return "" }
            guard Self.isWord(method.rawValue) else {
                throw .invalidIndex(name, reason: "'\(method.rawValue)' is no name of a method.")
            }
            return " USING \(method.rawValue)"
        }
    }

    /// ` WITH (fillfactor = 70)`, or nothing.
    var parameterText: String {
        get throws(MigrationError) {
            try checkLimits()
            var parts: [String] = []
            for (key, value) in parameters.sorted(by: { $0.key < $1.key }) {
                guard Self.isWord(key) else {
                    throw .invalidIndex(name, reason: "'\(key)' is no name of a parameter.")
                }
                switch value {
                case .bool(let flag): parts.append("\(key) = \(flag ? "on" : "off")")
                case .int(let number): parts.append("\(key) = \(number)")
                case .text(let word) where Self.isWord(word): parts.append("\(key) = \(word)")
                default:
                    throw .invalidIndex(
                        name,
                        reason: "Parameter '\(key)' takes a number, a word, true or false."
                    )
                }
            }
            return parts.isEmpty ? "" : " WITH (\(parts.joined(separator: ", ")))"
        }
    }

    /// Letters, digits and underscores of ASCII, which need no quotes.
    static func isWord(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
                    || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
            }
    }

    /// What the methods ask of their parameters.
    private func checkLimits() throws(MigrationError) {
        func check(_ key: String, _ range: ClosedRange<Int>) throws(MigrationError) {
            guard case .int(let number)? = parameters[key], !range.contains(number) else { return }
            throw .invalidIndex(
                name,
                reason: "'\(key)' is \(range.lowerBound) to \(range.upperBound), not \(number)."
            )
        }
        if method?.rawValue == "bloom" {
            try check("length", 1...4096)
            for column in 1...32 { try check("col\(column)", 1...4095) }
            let bits = parameters.keys.count { $0.hasPrefix("col") }
            if fields.count > 32 || (expressions.isEmpty && bits > fields.count) {
                throw .invalidIndex(
                    name,
                    reason: "It has at most 32 fields, and bits for no more than it has."
                )
            }
        }
        try check("pages_per_range", 1...131_072)
    }
}
