import NuagesCore

extension LanguageInfo {
    /// What templates see of a language.
    fileprivate func contextValue(_ localization: Localization) -> ContextValue {
        .dictionary([
            "bidi": isRightToLeft, "code": code, "name": name, "name_local": localName,
            "name_translated": localization.translated(name),
        ])
    }

    /// The language of a code in a template.
    fileprivate static func find(_ code: String) throws -> LanguageInfo {
        if let info = named(code) { return info }
        throw TemplateError.rendering(
            "Unknown language code \(code)."
                + NearestName.hint(code, in: all.map(\.code))
        )
    }
}

/// `{% get_language_info for code as name %}` and `{% get_language_info_list for codes as name %}`.
struct LanguageInfoNode: LeafNode {
    let codes: FilterExpression
    let isList: Bool
    let variable: VariableName

    func render(_ renderer: Renderer) throws {
        let localization = renderer.page.localization
        let value = try renderer.settledThroughout(renderer.resolve(codes))
        guard isList else {
            let info = try LanguageInfo.find(value.plainText)
            renderer.set(variable, .value(info.contextValue(localization)))
            return
        }
        let infos = try value.walked("get_language_info_list").map { element in
            // A code, or a list that begins with one.
            var code = element.plainText
            if element.text == nil, let first = element.elements?.first { code = first.plainText }
            return try LanguageInfo.find(code).contextValue(localization)
        }
        renderer.set(variable, .value(.array(infos)))
    }

    static func compiler(isList: Bool) -> Library.TagCompiler {
        { parser, token in
            let words = try token.splitContents()
            guard words.count == 5, words[1] == "for", words[3] == "as" else {
                let shown = words.dropFirst().map { PythonText.repr($0) }.joined(separator: ", ")
                throw TemplateError.syntax(
                    "'\(words[0])' requires 'for \(isList ? "sequence" : "string") as variable' "
                        + "(got [\(shown)])"
                )
            }
            return .leaf(
                LanguageInfoNode(
                    codes: try parser.compileFilter(words[2]),
                    isList: isList,
                    variable: VariableName(words[4])
                )
            )
        }
    }
}

extension Library {
    /// What `{% load i18n %}` brings.
    package static let i18n: Library = {
        var library = Library()
        for name in ["translate", "trans"] {
            library.tag(name, compile: TranslateNode.compile)
        }
        for name in ["blocktranslate", "blocktrans"] {
            library.tag(name, compile: BlockTranslateNode.compile)
        }
        library.tag(
            "language",
            compile: PageNode.compileValue("language", "endlanguage") { .language($0) }
        )
        library.tag("get_language_info", compile: LanguageInfoNode.compiler(isList: false))
        library.tag("get_language_info_list", compile: LanguageInfoNode.compiler(isList: true))
        library.tag(
            "get_current_language",
            compile: PageValueNode.compiler { localization in
                localization.language.isEmpty ? .none : .string(localization.language)
            }
        )
        library.tag(
            "get_current_language_bidi",
            compile: PageValueNode.compiler { localization in
                let main = localization.language.prefix { $0 != "-" }
                return .bool(LanguageInfo.named(String(main))?.isRightToLeft ?? false)
            }
        )
        library.tag(
            "get_available_languages",
            compile: PageValueNode.compiler { localization in
                .array(
                    localization.availableLanguages.map {
                        .array([.string($0.code), .string(localization.translated($0.name))])
                    }
                )
            }
        )
        library.addLanguageFilters()
        return library
    }()

    private mutating func addLanguageFilters() {
        plainFilter("language_name") { code, _, _ in
            .string(try LanguageInfo.find(code.plainText).name)
        }
        plainFilter("language_name_translated") { code, _, context in
            let name = try LanguageInfo.find(code.plainText).name
            return .string(context.localization.translated(name))
        }
        plainFilter("language_name_local") { code, _, _ in
            .string(try LanguageInfo.find(code.plainText).localName)
        }
        plainFilter("language_bidi") { code, _, _ in
            .bool(try LanguageInfo.find(code.plainText).isRightToLeft)
        }
    }
}
