import NuagesCore
import NuagesTemplates

/// Plain functions of `django.utils` that filters and tags rest on.
struct TextFunctionCases: ConformanceKind {
    typealias Function =
        @Sendable (_ arguments: [ContextValue], _ named: ContextDictionary, CaseSettings)
        throws -> ContextValue

    let functions: [String: Function] = Self.html.merging(Self.text) { $1 }
        .merging(Self.localized) { $1 }.merging(Self.lexing) { $1 }.merging(Self.moments) { $1 }
        .merging(Self.formats) { $1 }.merging(Self.languages) { $1 }

    func accepts(_ item: JSONCase) -> Bool {
        item.kind == "function" && functions[item.function] != nil
    }

    func run(_ item: JSONCase) async throws -> CaseOutcome {
        if item["python_html_parser"] != nil { return .skipped(reason: "python_html_parser") }
        guard let function = functions[item.function] else {
            throw UnsupportedCase("\(item.function) is not built in")
        }
        let arguments = try (item["args"]?.elements ?? []).map(TaggedValue.decode)
        let named = try TaggedValue.context(item["kwargs"])
        let settings = CaseSettings(item)
        return ExpectedValue(item).compare { try function(arguments, named, settings) }
    }

    /// The argument at a place or of a name.
    static func argument(
        _ arguments: [ContextValue],
        _ named: ContextDictionary,
        _ index: Int,
        _ name: String
    ) -> ContextValue? {
        index < arguments.count ? arguments[index] : named[name]
    }

    private static let html: [String: Function] = [
        "django.utils.html.escape": { arguments, _, _ in
            .safe(SafeString(escaping: arguments[0].plainText))
        },
        "django.utils.html.conditional_escape": { arguments, _, _ in
            .safe(arguments[0].escapedText)
        },
        "django.utils.html.escapejs": { arguments, _, _ in
            .safe(.init(unsafe: ScriptEscaper.javaScript(arguments[0].plainText)))
        },
        "django.utils.html.json_script": { arguments, named, _ in
            let id = argument(arguments, named, 1, "element_id")
            return .safe(
                .init(
                    unsafe: try ScriptEscaper.jsonScript(
                        arguments[0],
                        id: id?.isTrue == true ? id?.plainText : nil
                    )
                )
            )
        },
        "django.utils.html.linebreaks": { arguments, named, _ in
            let isEscaping = argument(arguments, named, 1, "autoescape")?.isTrue ?? false
            let text = ContextValue.string(arguments[0].plainText)
            return .string(Paragraphs.html(text, isEscaping: isEscaping))
        },
        "django.utils.html.strip_tags": { arguments, _, _ in
            .string(try TagStripper.strip(arguments[0].plainText))
        },
        "django.utils.html.strip_spaces_between_tags": { arguments, _, _ in
            .string(HTMLSpaces.strippedBetweenTags(arguments[0].plainText))
        },
        "django.utils.html.smart_urlquote": { arguments, _, _ in
            .string(URLQuoter.quote(arguments[0].plainText))
        },
        "django.utils.html.avoid_wrapping": { arguments, _, _ in
            .string(arguments[0].plainText.replacingBytes(" ", with: "\u{A0}"))
        },
        "django.utils.html.format_html": { arguments, named, _ in
            let format = try HTMLFormat(arguments[0].plainText)
            return .safe(try format.html(Array(arguments.dropFirst()), named))
        },
        "django.utils.html.format_html_join": { arguments, _, _ in
            let format = try HTMLFormat(arguments[1].plainText)
            let rows = arguments[2].elements ?? []
            let named = rows.compactMap { row in
                if case .dictionary(let named) = row { named } else { nil }
            }
            return .safe(
                named.isEmpty
                    ? try format.joined(rows.map { $0.elements ?? [] }, separator: arguments[0])
                    : try format.joined(named: named, separator: arguments[0])
            )
        },
        "django.utils.html.urlize": { arguments, named, settings in
            var urlizer = Urlizer()
            urlizer.trimLength =
                argument(arguments, named, 1, "trim_url_limit")?.wholeNumber
            urlizer.addsNofollow = argument(arguments, named, 2, "nofollow")?.isTrue ?? false
            urlizer.isEscaping = argument(arguments, named, 3, "autoescape")?.isTrue ?? false
            urlizer.isSafe = arguments[0].isSafe
            urlizer.assumesHTTPS = settings.assumesHTTPS
            return .string(urlizer.html(arguments[0].plainText))
        },
    ]

    private static let text: [String: Function] = [
        "django.utils.text.Truncator.chars": { arguments, named, _ in
            let truncator = truncator(arguments, named)
            let count = try FilterCases.number(argument(arguments, named, 1, "num"))
            return .string(
                named["html"]?.isTrue == true
                    ? truncator.htmlCharacters(count) : truncator.characters(count)
            )
        },
        "django.utils.text.Truncator.words": { arguments, named, _ in
            let truncator = truncator(arguments, named)
            let count = try FilterCases.number(argument(arguments, named, 1, "num"))
            return .string(
                named["html"]?.isTrue == true
                    ? truncator.htmlWords(count) : truncator.words(count)
            )
        },
        "django.utils.text.wrap": { arguments, named, _ in
            let width = try FilterCases.number(argument(arguments, named, 1, "width"))
            return .string(try TextWrapper.wrap(arguments[0].plainText, width: width))
        },
        "django.utils.text.slugify": { arguments, named, _ in
            .string(
                Slug.make(
                    arguments[0].plainText,
                    allowsUnicode: argument(arguments, named, 1, "allow_unicode")?.isTrue ?? false
                )
            )
        },
        "django.utils.text.smart_split": { arguments, _, _ in
            .array(TokenSplitter.split(arguments[0].plainText).map(ContextValue.string))
        },
        "django.utils.text.normalize_newlines": { arguments, _, _ in
            .string(Paragraphs.normalized(arguments[0].plainText))
        },
        "django.utils.text.capfirst": { arguments, _, _ in
            arguments[0].isTrue
                ? .string(PythonCase.capitalizingFirst(arguments[0].plainText)) : arguments[0]
        },
        "django.utils.text.phone2numeric": { arguments, _, _ in
            .string(PhoneLetters.digits(arguments[0].plainText))
        },
        "django.utils.text.get_valid_filename": { arguments, _, _ in
            .string(try FileName.valid(arguments[0].plainText))
        },
        "django.utils.text.camel_case_to_spaces": { arguments, _, _ in
            .string(Words.fromCamelCase(arguments[0].plainText))
        },
        "django.utils.text.get_text_list": { arguments, _, settings in
            .string(
                Words.list(
                    (arguments[0].elements ?? []).map(\.plainText),
                    last: arguments.count > 1 ? arguments[1].plainText : nil,
                    try settings.localization()
                )
            )
        },
        "django.utils.text.unescape_string_literal": { arguments, _, _ in
            guard let text = StringLiteral.unquoted(arguments[0].plainText) else {
                throw PythonError(type: "ValueError", message: "Not a string literal")
            }
            return .string(text)
        },
    ]

    private static func truncator(
        _ arguments: [ContextValue],
        _ named: ContextDictionary
    ) -> Truncator {
        var truncator = Truncator(arguments[0].plainText)
        if let ending = argument(arguments, named, 2, "truncate"), ending.text != nil {
            truncator.ending = ending.plainText
        }
        return truncator
    }

    private static let lexing: [String: Function] = [
        "lexer": { arguments, _, _ in
            let source = arguments[0].plainText
            return .array(
                Lexer(source).tokenize().map { token in
                    .array([
                        .string("\(token.kind)" == "variable" ? "var" : "\(token.kind)"),
                        .string(token.contents), .int(token.line),
                        .array(
                            [token.range.lowerBound, token.range.upperBound].map {
                                .int(position($0, in: source))
                            }
                        ),
                    ])
                }
            )
        },
        "Variable.resolve": { arguments, _, _ in
            guard case .dictionary(let context) = arguments[1] else { return .none }
            let engine = TemplateEngine(loaders: [], isDebug: false)
            guard let value = try engine.resolve(arguments[0].plainText, in: context) else {
                throw PythonError(type: "VariableDoesNotExist", message: "")
            }
            return value
        },
        "token.split_contents": { arguments, _, _ in
            let token = Token(
                kind: .block,
                contents: arguments[0].plainText,
                line: 1,
                range: 0..<0
            )
            return .array(try token.splitContents().map(ContextValue.string))
        },
    ]

    /// A byte's place in code points.
    private static func position(_ offset: Int, in source: String) -> Int {
        String(decoding: source.utf8.prefix(offset), as: UTF8.self).unicodeScalars.count
    }
}

extension FilterCases {
    static func number(_ value: ContextValue?) throws -> Int {
        guard let number = value?.wholeNumber else {
            throw PythonError(type: "ValueError", message: "no whole number")
        }
        return number
    }
}
