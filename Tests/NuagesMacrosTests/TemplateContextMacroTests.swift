import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacroExpansion
import SwiftSyntaxMacros
import SwiftSyntaxMacrosGenericTestSupport
import Testing

@Suite struct TemplateContextMacroTests {
    private func expect(
        _ source: String,
        expandsTo expanded: String,
        diagnostics: [DiagnosticSpec] = []
    ) {
        assertMacroExpansion(
            source,
            expandedSource: expanded,
            diagnostics: diagnostics,
            macroSpecs: [
                "TemplateContext": MacroSpec(
                    type: TemplateContextMacro.self,
                    conformances: ["ContextObject", "TemplateContext"]
                )
            ]
        ) { failure in
            Issue.record("\(failure.message)")
        }
    }

    @Test func printsAContext() {
        expect(
            """
            @TemplateContext("a.html")
            public struct Page {
                let wordCount: Int?, name: String
                var rows = 3
                var other = make()
                private let hidden = 1
                static let shared = 2
                var upper: String { name }
            }
            """,
            expandsTo: """
                public struct Page {
                    let wordCount: Int?, name: String
                    var rows = 3
                    var other = make()
                    private let hidden = 1
                    static let shared = 2
                    var upper: String { name }
                }

                extension Page: NuagesCore.ContextObject, NuagesTemplates.TemplateContext {
                    public static var templateName: String {
                        "a.html"
                    }

                    public var contextVariables: NuagesCore.ContextDictionary {
                        var variables = NuagesCore.ContextDictionary()
                        variables["word_count"] = self.wordCount.contextValue
                        variables["wordCount"] = self.wordCount.contextValue
                        variables["name"] = self.name.contextValue
                        variables["rows"] = self.rows.contextValue
                        variables["other"] = self.other.contextValue
                        variables["upper"] = .lazy {
                            self.upper.contextValue
                        }
                        return variables
                    }

                    public func contextMember(_ name: String) -> NuagesCore.ContextValue? {
                        switch name {
                        case "word_count", "wordCount":
                            self.wordCount.contextValue
                        case "name":
                            self.name.contextValue
                        case "rows":
                            self.rows.contextValue
                        case "other":
                            self.other.contextValue
                        case "upper":
                            self.upper.contextValue
                        default:
                            nil
                        }
                    }

                    public static var contextShape: NuagesCore.ContextShape {
                        .members(["word_count": {
                                        .of(Int?.self)
                                    }, "name": {
                                        .of(String.self)
                                    }, "rows": {
                                        .of(Int.self)
                                    }, "other": {
                                        .anything
                                    }, "upper": {
                                        .of(String.self)
                                    }])
                    }

                    public var contextDescription: NuagesCore.ContextValue {
                        .string("Page")
                    }
                }
                """
        )
    }

    @Test func refusesWhatIsNoStruct() {
        expect(
            """
            @TemplateContext
            final class Page {
            }
            """,
            expandsTo: """
                final class Page {
                }
                """,
            diagnostics: [
                DiagnosticSpec(
                    message:
                        "@TemplateContext belongs to a struct: a page's values are copied, not shared.",
                    line: 1,
                    column: 1
                )
            ]
        )
        expect(
            """
            @TemplateContext(name)
            struct Page {
            }
            """,
            expandsTo: """
                struct Page {
                }
                """,
            diagnostics: [
                DiagnosticSpec(
                    message:
                        "Write the template's name as a literal, such as \"polls/detail.html\".",
                    line: 1,
                    column: 18
                )
            ]
        )
    }
}
