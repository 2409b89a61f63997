internal import NuagesCore

/// A type of content such as `text/html`, as a client accepts it.
public struct MediaType: Sendable, Hashable, CustomStringConvertible {
    /// What stands in front of the slash; `*` is any.
    public let mainType: String
    /// What stands behind the slash; `*` is any.
    public let subtype: String
    /// The parameters in order, `q` among them.
    public let parameters: [Parameter]
    /// How much the client wants it, 0 to 1.
    public let quality: Double

    /// A parameter of a media type.
    public struct Parameter: Sendable, Hashable {
        /// The name in lower case.
        public let name: String
        /// The value.
        public let value: String
    }

    /// A media type from its text.
    ///
    /// - Parameter text: `text/html;q=0.8`
    public init(_ text: String) {
        let header = HeaderParameters(text)
        let parts = (header?.value ?? "").split(onByte: 0x2F)
        mainType = parts[0]
        subtype = parts.count > 1 ? parts.dropFirst().joined(separator: "/") : ""
        parameters = (header?.parameters ?? []).map { Parameter(name: $0.name, value: $0.value) }
        quality = parameters.first { $0.name == "q" }.flatMap { Self.quality($0.value) } ?? 1
    }

    /// `0.8`, by a parser of our own: `Double` also reads `0x1p3` and `nan`.
    private static func quality(_ text: String) -> Double? {
        let parts = text.split(onByte: 0x2E)
        // Some clients send `.5`, which Django reads too.
        let isFraction = parts.count == 2 && parts[0].isEmpty && !parts[1].isEmpty
        guard parts.count <= 2, let whole = isFraction ? 0 : parts[0].decimalDigitsValue,
            whole <= 1
        else { return nil }
        guard parts.count == 2, !parts[1].isEmpty else { return Double(whole) }
        guard parts[1].utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        // Three digits count (RFC 9110, section 12.4.2).
        let digits = (parts[1] + "000").utf8.prefix(3)
        let thousandths = digits.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
        let quality = Double(whole) + Double(thousandths) / 1000
        return quality <= 1 ? quality : nil
    }

    /// How narrow the type is: 0 for `*/*`, 1 for `text/*`, 2 for `text/html`, 3 with parameters.
    public var specificity: Int {
        if mainType == "*" { return 0 }
        if subtype == "*" { return 1 }
        return rangeParameters.isEmpty ? 2 : 3
    }

    /// The parameters that narrow the type.
    private var rangeParameters: Set<Parameter> { Set(parameters.filter { $0.name != "q" }) }

    /// Whether this, as a range, covers `other`; a wildcard of `other` is covered too.
    func covers(_ other: MediaType) -> Bool {
        guard Self.part(mainType, covers: other.mainType),
            Self.part(subtype, covers: other.subtype)
        else { return false }
        let mine = rangeParameters
        let theirs = other.rangeParameters
        // A range without parameters covers a type with any.
        return mine.isEmpty || mine == theirs
    }

    private static func part(_ range: String, covers type: String) -> Bool {
        guard !range.isEmpty, !type.isEmpty else { return false }
        return range == "*" || type == "*" || range.equalsBytes(type)
    }

    /// The type with its parameters.
    public var description: String {
        let tail = parameters.map { "; \($0.name)=\($0.value)" }.joined()
        return subtype.isEmpty ? mainType + tail : "\(mainType)/\(subtype)\(tail)"
    }
}

extension Request {
    /// What the client accepts, the most wanted first; a client that says nothing accepts all.
    public var acceptedTypes: [MediaType] {
        let values = headers.values(of: "Accept")
        guard !values.isEmpty else { return [MediaType("*/*")] }
        let header = values.joined(separator: ", ")
        let ranges = header.split(onByte: 0x2C).prefix(100).map(\.trimmingBlanks)
            .filter { !$0.isEmpty }.map { MediaType($0) }.filter { $0.quality > 0 }
        return Self.sorted(ranges) { ($0.quality, Double($0.specificity)) }.map(\.element)
    }

    /// The ranges with their places, the largest rank first; equal ones keep their order.
    private static func sorted(
        _ ranges: [MediaType],
        by rank: (MediaType) -> (Double, Double)
    ) -> [(offset: Int, element: MediaType)] {
        ranges.enumerated().map { (offset: $0.offset, element: $0.element) }.sorted { left, right in
            let (leftRank, rightRank) = (rank(left.element), rank(right.element))
            if leftRank.0 != rightRank.0 { return leftRank.0 > rightRank.0 }
            if leftRank.1 != rightRank.1 { return leftRank.1 > rightRank.1 }
            return left.offset < right.offset
        }
    }

    /// Whether the client accepts a type.
    ///
    /// - Parameter mediaType: such as `application/json`.
    /// - Returns: true where some range of the client covers it.
    public func accepts(_ mediaType: String) -> Bool {
        let wanted = MediaType(mediaType)
        return acceptedTypes.contains { $0.covers(wanted) }
    }

    /// Which of several types the client likes best.
    ///
    /// - Parameter mediaTypes: the types that can be sent.
    /// - Returns: the best, or nil where the client accepts none of them.
    public func preferredType(_ mediaTypes: [String]) -> String? {
        let ranges = acceptedTypes
        let narrowestFirst = Self.sorted(ranges) { (Double($0.specificity), $0.quality) }
        let ranked = mediaTypes.compactMap { type -> (rank: Int, type: String)? in
            let wanted = MediaType(type)
            return narrowestFirst.first { $0.element.covers(wanted) }.map { ($0.offset, type) }
        }
        return ranked.min { $0.rank < $1.rank }?.type
    }
}
