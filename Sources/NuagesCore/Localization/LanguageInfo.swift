/// What is known of a language.
///
///     LanguageInfo.named("de-at")?.localName      // Optional("Deutsch")
///
/// Django: `get_language_info`.
public struct LanguageInfo: Sendable, Hashable {
    /// The code, such as `pt-br`.
    public let code: String
    /// The name in English, which is also the message to translate.
    public let name: String
    /// The language's own name.
    public let localName: String
    /// Whether it is written from right to left.
    public let isRightToLeft: Bool
    /// The codes to try where there are no texts of its own.
    let fallbacks: [String]
    /// Whether it is among Django's `LANGUAGES`.
    let isListed: Bool
    /// Whether Django has texts for it.
    let hasCatalog: Bool

    /// The language of a code; for a code with a country, which Django does not know, the language
    /// alone.
    ///
    /// - Parameter code: a code in lower case.
    /// - Returns: the language; nil for an unknown one.
    public static func named(_ code: String) -> LanguageInfo? {
        if let info = table[code] {
            guard info.name.isEmpty, let other = info.fallbacks.first else { return info }
            return table[other]
        }
        guard let hyphen = code.utf8.firstIndex(of: UInt8(ascii: "-")) else { return nil }
        return table[String(code[..<hyphen])]
    }

    /// Django's languages in the order of its setting `LANGUAGES`.
    public static let all: [LanguageInfo] = entries.filter(\.isListed)

    private static let table = Dictionary(
        entries.map { ($0.code, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    private static let entries: [LanguageInfo] = LanguageTable.text
        .splitBytes(UInt8(ascii: "\n")).compactMap { line in
            let fields = line.splitBytes(UInt8(ascii: "|"))
            guard fields.count == 6 else { return nil }
            return LanguageInfo(
                code: fields[0],
                name: fields[1],
                localName: fields[2],
                isRightToLeft: fields[3] == "r",
                fallbacks: fields[4].isEmpty ? [] : fields[4].splitBytes(UInt8(ascii: ",")),
                mark: fields[5]
            )
        }

    private init(
        code: String,
        name: String,
        localName: String,
        isRightToLeft: Bool,
        fallbacks: [String],
        mark: String
    ) {
        self.code = code
        self.name = name
        self.localName = localName
        self.isRightToLeft = isRightToLeft
        self.fallbacks = fallbacks
        isListed = mark != "-"
        hasCatalog = mark.isEmpty
    }
}

extension LanguageInfo {
    /// The language among `supported` that comes nearest to the one asked for.
    ///
    ///     LanguageInfo.supported("de-at")               // Optional("de")
    ///     LanguageInfo.supported("zh-tw")               // Optional("zh-hant")
    ///
    /// Django: `get_supported_language_variant`.
    ///
    /// - Parameters:
    ///   - code: the code that is asked for, of any origin.
    ///   - isStrict: whether the same language of another country does not count.
    ///   - supported: the codes of the site's languages, in lower case; nil for Django's.
    /// - Returns: a code; nil where none of them fits.
    package static func supported(
        _ code: String,
        isStrict: Bool = false,
        among supported: [String]? = nil
    ) -> String? {
        var scalars = Array(code.unicodeScalars.prefix(LanguageTag.maxLength + 1))
        if scalars.count > LanguageTag.maxLength {
            guard !isStrict,
                let hyphen = scalars.prefix(LanguageTag.maxLength).lastIndex(of: "-"), hyphen > 0
            else { return nil }
            scalars = Array(scalars[..<hyphen])
        }
        guard !scalars.isEmpty else { return nil }
        let code = Truncator.text(scalars)
        var candidates = [code] + (table[code]?.fallbacks ?? [])
        var end = scalars.count
        while let hyphen = scalars[..<end].lastIndex(of: "-") {
            candidates.append(Truncator.text(scalars[..<hyphen]))
            end = hyphen
        }
        let known = supported ?? all.map(\.code)
        for candidate in candidates {
            let lower = PythonCase.lowercase(candidate)
            guard known.contains(where: { $0.equalsBytes(lower) }),
                LanguageTag.isWellFormed(candidate), table[lower]?.hasCatalog ?? true
            else { continue }
            return candidate
        }
        guard !isStrict, let generic = candidates.last else { return nil }
        return known.first { $0.utf8.starts(with: "\(generic)-".utf8) }
    }

    /// The language that a path begins with: `/de/polls/`.
    ///
    /// Django: `get_language_from_path`.
    ///
    /// - Parameters:
    ///   - path: the path of a request.
    ///   - supported: the codes of the site's languages, in lower case; nil for Django's.
    /// - Returns: a code; nil where the path begins with none of them.
    package static func leading(_ path: String, among supported: [String]? = nil) -> String? {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        let segment = path.unicodeScalars.dropFirst().prefix { $0 != "/" }
        let parts = segment.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "@" }
        guard parts.count <= 3,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(PythonText.isWord) })
        else { return nil }
        return Self.supported(String(segment), among: supported)
    }
}
