import NuagesCore
import NuagesTemplates
import Synchronization

/// The tag libraries of Django's own tests, ported: what the cases of `custom-library.jsonl` need.
enum TestLibraries {
    /// The library of a Python module; nil for any other.
    static func named(_ module: String) -> Library? {
        switch module {
        case "template_tests.templatetags.custom": custom
        case "template_tests.templatetags.inclusion": inclusion
        case "template_tests.templatetags.testtags": echoing(["echo", "other_echo"])
        case "template_tests.templatetags.subpackage.echo": echoing(["echo2"])
        case "template_tests.templatetags.bad_tag": bad
        case "template_tests.templatetags.tag_27584": badBlock
        default: nil
        }
    }

    /// How a function of the tests is called; each answers with its name and its arguments.
    private struct Signature {
        let name: String
        var parameters: TagParameters = []
        /// What stands in for the last arguments where they are left out.
        var defaults: [String] = []
        var seesContext = false

        func renamed(_ name: String) -> Signature {
            Signature(
                name: name,
                parameters: parameters,
                defaults: defaults,
                seesContext: seesContext
            )
        }

        /// Such as `name - Expected result (context value: 42): 37, 42 / eggs=boiled`.
        func answer(_ call: TagCall, content: String? = nil) async throws -> String {
            var text = "\(name) - Expected result"
            if seesContext {
                let value = try await call.variable("value")
                text += " (context value: \(value?.plainText ?? ""))"
            }
            if let content { text += " (content value: \(content))" }
            let named = parameters.names.map { parameter in
                call[parameter]?.plainText ?? defaults.first ?? ""
            }
            let more = call.positional.dropFirst(parameters.names.count).map(\.plainText)
            let extra = call.named.filter { !parameters.names.contains($0.name) }
            let takesNothing =
                parameters.names.isEmpty && !parameters.takesMorePositional
                && !parameters.takesMoreNamed
            if takesNothing { return text }
            text += ": " + (named + more).joined(separator: ", ")
            guard !extra.isEmpty else { return text }
            return text + " / "
                + extra.map { "\($0.name)=\($0.value.plainText)" }.joined(separator: ", ")
        }
    }

    private static let two = TagParameters(["one", "two"])
    private static let oneDefault = TagParameters(["one", "two"], optionalCount: 1)
    private static let unlimited = TagParameters(
        ["one", "two"],
        optionalCount: 1,
        takesMorePositional: true
    )

    private static func signatures(_ prefix: String, _ plain: String) -> [Signature] {
        [
            Signature(name: "\(plain)no_params"),
            Signature(name: "\(plain)one_param", parameters: ["arg"]),
            Signature(name: "\(plain)explicit_no_context", parameters: ["arg"]),
            Signature(name: "\(plain)no_params_with_context", seesContext: true),
            Signature(name: "\(plain)params_and_context", parameters: ["arg"], seesContext: true),
            Signature(name: "\(prefix)two_params", parameters: two),
            Signature(name: "\(prefix)keyword_only_param", parameters: ["kwarg"]),
            Signature(
                name: "\(prefix)keyword_only_default",
                parameters: TagParameters(["kwarg"], optionalCount: 1),
                defaults: ["42"]
            ),
            Signature(name: "\(prefix)one_default", parameters: oneDefault, defaults: ["hi"]),
            Signature(name: "\(prefix)unlimited_args", parameters: unlimited, defaults: ["hi"]),
            Signature(
                name: "\(prefix)only_unlimited_args",
                parameters: TagParameters([], takesMorePositional: true)
            ),
            Signature(
                name: "\(prefix)unlimited_args_kwargs",
                parameters: TagParameters(
                    ["one", "two"],
                    optionalCount: 1,
                    takesMorePositional: true,
                    takesMoreNamed: true
                ),
                defaults: ["hi"]
            ),
        ]
    }

    private static var custom: Library {
        var library = Library()
        for signature in signatures("simple_", "") {
            library.simpleTag(signature.name, parameters: signature.parameters) { call in
                .string(try await signature.answer(call))
            }
            let block = "\(signature.name)_block"
            library.simpleBlockTag(block, parameters: signature.parameters) { call in
                .string(
                    try await signature.renamed(block).answer(call, content: call.content.html)
                )
            }
        }
        addPlainTags(&library)
        addEscapingTags(&library)
        return library
    }

    private static func addPlainTags(_ library: inout Library) {
        library.filter("trim", argument: .required) { value, count, _ in
            .string(String(value.plainText.prefix(count?.wholeNumber ?? 0)))
        }
        library.filter("noop", argument: .optional) { value, _, _ in value }
        for (name, number) in [("minusone", 1), ("minustwo", 2)] {
            library.simpleTag(name, parameters: ["value"]) { call in
                .int((call["value"]?.wholeNumber ?? 0) - number)
            }
        }
        library.tag("counter") { _, _ in .container(CounterNode()) }
        let div: @Sendable (TagCall) -> ContextValue = { call in
            let id = call["id"]?.plainText ?? "test"
            return .safe(SafeString(unsafe: "<div id='\(id)'>\(call.content.html)</div>"))
        }
        let parameters = TagParameters(["id"], optionalCount: 1)
        library.simpleBlockTag("div", parameters: parameters) { div($0) }
        library.simpleBlockTag("div_custom_end", endName: "divend") { div($0) }
    }

    private static func addEscapingTags(_ library: inout Library) {
        let name: @Sendable (TagCall) async throws -> String = { call in
            try await call.variable("name")?.plainText ?? ""
        }
        library.simpleTag("escape_naive") { .string("Hello \(try await name($0))!") }
        library.simpleTag("escape_explicit") { call in
            .safe(SafeString(escaping: "Hello \(try await name(call))!"))
        }
        library.simpleBlockTag("escape_naive_block") { call in
            .string("Hello \(try await name(call)): \(call.content.html)!")
        }
        library.simpleBlockTag("escape_explicit_block") { call in
            .safe(SafeString(escaping: "Hello \(try await name(call)): \(call.content.html)!"))
        }
    }

    private static var inclusion: Library {
        var library = Library()
        // What the tests' file inclusion.html has.
        let template = try? TemplateEngine(loaders: [], isDebug: false)
            .template(source: "{{ result }}\n", name: "inclusion.html")
        for suffix in ["", "_from_template"] {
            for signature in signatures("inclusion_", "inclusion_") {
                let named = signature.renamed(signature.name + suffix)
                if !suffix.isEmpty, let template {
                    library.inclusionTag(
                        named.name,
                        template: template,
                        parameters: named.parameters
                    ) { call in ["result": try await named.answer(call)] }
                    continue
                }
                library.inclusionTag(
                    named.name,
                    template: "inclusion.html",
                    parameters: named.parameters
                ) { call in ["result": try await named.answer(call)] }
            }
        }
        return library
    }

    private static func echoing(_ tags: [String]) -> Library {
        var library = Library()
        for tag in tags {
            library.tag(tag) { _, token in
                // The tag of the package is a simple one, whose argument is a value.
                let words = try token.splitContents().dropFirst().map { word in
                    tag == "echo2" ? word.filter { $0 != "\"" } : word
                }
                return .leaf(EchoNode(words: words))
            }
        }
        library.filter("upper") { $0.uppercased() }
        return library
    }

    private static var badBlock: Library {
        var library = Library()
        library.simpleBlockTag("badtag") { _ in throw TemplateError.syntax("error") }
        return library
    }

    private static var bad: Library {
        var library = Library()
        library.tag("badtag") { _, _ in
            throw PythonError(type: "RuntimeError", message: "I am a bad tag")
        }
        library.simpleTag("badsimpletag") { _ in
            throw PythonError(type: "RuntimeError", message: "I am a bad simpletag")
        }
        return library
    }
}

/// Counts its renderings.
private final class CounterNode: ContainerNode, Sendable {
    private let count = Mutex(0)

    func render(_ renderer: Renderer) async throws {
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        renderer.write(.int(number))
    }
}

/// Writes the words of its tag.
private struct EchoNode: LeafNode {
    let words: [String]

    func render(_ renderer: Renderer) { renderer.write(words.joined(separator: " ").utf8) }
}
