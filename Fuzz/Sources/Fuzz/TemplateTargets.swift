@testable import NuagesCore
@testable import NuagesTemplates

/// Sources of templates: the lexer, the parser, and the check that follows their HTML.
///
/// A source is a template or it is not, the same each time; its tokens are the whole of it.
enum TemplateTarget {
    static func run(_ bytes: [UInt8]) {
        guard let source = String(validating: bytes, as: UTF8.self) else { return }
        let tokens = Lexer(source).tokenize()
        var end = 0
        for token in tokens {
            require(token.range.lowerBound == end, "a piece begins at \(token.range)")
            end = token.range.upperBound
        }
        require(end == bytes.count, "the pieces end at \(end)")
        let engine = TemplateEngine(directories: [], templates: ["a": source], isDebug: false)
        let isTemplate = (try? engine.template(source: source, name: "a")) != nil
        let messages = engine.check()
        require(
            isTemplate != messages.contains { $0.id == "templates.E004" },
            "the check finds another template"
        )
    }
}

/// Filters, whose value is any text: the first byte chooses the filter, the second the argument.
enum FilterTarget {
    private static let filters = Library.builtins.filters.sorted { $0.key < $1.key }.map(\.value)
    private static let arguments: [ContextValue?] = [
        nil, .int(0), .int(5), .int(-3), .string(""), .string("2g"), .string("a,b"), .string(":3"),
        .string("Y-m-d H:i"), .string("<"),
    ]

    static func run(_ bytes: [UInt8]) {
        guard bytes.count > 2, let text = String(validating: bytes[2...], as: UTF8.self) else {
            return
        }
        let filter = filters[Int(bytes[0]) % filters.count]
        let argument = arguments[Int(bytes[1]) % arguments.count]
        let context = FilterContext(environment: TemplateEnvironment())
        let value = try? filter.apply(to: .string(text), argument: argument, context)
        guard case .safe(let html)? = value else { return }
        // Escaping filters let no tag of the text through.
        guard ["escape", "force_escape", "linebreaks", "linebreaksbr"].contains(filter.name) else {
            return
        }
        // On bytes: with a mark behind it, the last character of `<br>` is another one.
        let tags = ["<p>", "</p>", "<br>"].map { Array($0.utf8) }
        var rest = Array(html.html.utf8)[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[start...]
            guard let tag = tags.first(where: { rest.starts(with: $0) }) else {
                require(false, "\(filter.name) writes \(html.html)")
                return
            }
            rest = rest.dropFirst(tag.count)
        }
    }
}

/// Catalogues of translations, and the rules of their plural forms.
enum CatalogTarget {
    static func run(_ bytes: [UInt8]) {
        if let catalog = try? MessageCatalog(mo: bytes) {
            for number in [0, 1, 2, 7, .max, .min] {
                _ = catalog.translation(of: "a", plural: ("b", number))
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self),
            let rule = PluralRule(header: text)
        else { return }
        for number in [0, 1, 2, 7, .max, .min] {
            let form = rule.form(of: number) ?? 0
            require((0..<rule.formCount).contains(form), "there is no form \(form)")
        }
    }
}
