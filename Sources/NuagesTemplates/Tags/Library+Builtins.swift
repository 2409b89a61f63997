import NuagesCore

extension Library {
    /// Django's own tags and filters, which need no `{% load %}`.
    package static let builtins: Library = {
        var library = Library()
        library.tag("autoescape", compile: AutoescapeNode.compile)
        library.tag("block", compile: BlockNode.compile)
        library.tag("comment", compile: CommentTag.compile)
        library.tag("csp_nonce_attr", compile: CSPNonceNode.compile)
        library.tag("csrf_token", compile: CSRFTokenNode.compile)
        library.tag("debug", compile: DebugNode.compile)
        library.tag("firstof", compile: FirstOfNode.compile)
        library.tag("ifchanged", compile: IfChangedNode.compile)
        library.tag("lorem", compile: LoremNode.compile)
        library.tag("now", compile: NowNode.compile)
        library.tag("querystring", compile: QueryStringNode.compile)
        library.tag("regroup", compile: RegroupNode.compile)
        library.tag("widthratio", compile: WidthRatioNode.compile)
        library.tag("cycle", compile: CycleNode.compile)
        library.tag("extends", compile: ExtendsNode.compile)
        library.tag("filter", compile: FilterNode.compile)
        library.tag("for", compile: ForNode.compile)
        library.tag("if", compile: IfNode.compile)
        library.tag("include", compile: IncludeNode.compile)
        library.tag("load", compile: LoadTag.compile)
        library.tag("partial", compile: PartialNode.compile)
        library.tag("partialdef", compile: PartialDefinitionNode.compile)
        library.tag("resetcycle", compile: ResetCycleNode.compile)
        library.tag("spaceless", compile: SpacelessNode.compile)
        library.tag("templatetag", compile: TemplateTagNode.compile)
        library.tag("url", compile: URLNode.compile)
        library.tag("verbatim", compile: VerbatimNode.compile)
        library.tag("with", compile: WithNode.compile)
        library.addTextFilters()
        library.addHTMLFilters()
        library.addListFilters()
        library.addNumberFilters()
        library.addDateFilters()
        return library
    }()

    /// What `{% load %}` always knows.
    static let standard: [String: Library] = [
        "cache": .cache, "i18n": .i18n, "l10n": .l10n, "static": .static, "tz": .tz,
    ]

    /// What `{% load static %}` brings.
    package static let `static`: Library = {
        var library = Library()
        library.tag("static", compile: StaticNode.compile)
        library.tag("get_static_prefix") { _, token in
            try PrefixNode.compile(token) { $0.staticPrefix }
        }
        library.tag("get_media_prefix") { _, token in
            try PrefixNode.compile(token) { $0.mediaPrefix }
        }
        return library
    }()
}
