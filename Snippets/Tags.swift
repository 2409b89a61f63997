// Filters and tags of a site's own, one of each kind: what the guide to templates quotes.
import Nuages

struct BlogApp: TemplateApp {
    let label = "blog"
    var libraries: [String: Library] { ["blog": Self.library] }

    static let library: Library = {
        var library = Library()
        // {{ title|shout }}
        library.filter("shout") { text in text.uppercased() + "!" }
        // {{ price|times:3 }}
        library.filter("times", argument: .required) { value, factor, _ in
            guard let value = value.floatingNumber, let factor = factor?.floatingNumber else {
                return .string("")
            }
            return .double(value * factor)
        }
        // {% greet "Hello" %} or {% greet word="Hello" as greeting %}
        library.simpleTag("greet", parameters: ["word"]) { call in
            let name = try await call.variable("user.name")?.text ?? "you"
            return .string("\(call["word"]?.plainText ?? ""), \(name)")
        }
        // {% note "warning" %}…{% endnote %}
        library.simpleBlockTag("note", parameters: ["kind"]) { call in
            let note = try HTMLFormat("<p class=\"{}\">{}</p>")
            return .safe(try note.html([call["kind"], call.content]))
        }
        // {% badge user %}
        library.inclusionTag("badge", template: "blog/badge.html", parameters: ["user"]) { call in
            ["user": call["user"]]
        }
        // {% repeat 3 %}…{% endrepeat %}
        library.tag("repeat", compile: RepeatNode.compile)
        return library
    }()
}

struct RepeatNode: ContainerNode {
    let count: FilterExpression
    let nodes: NodeList
    var children: [NodeList] { [nodes] }

    static func compile(_ parser: Parser, _ token: Token) throws -> Node {
        let words = try token.splitContents()
        guard words.count == 2 else { throw TemplateError.syntax("'repeat' takes a number.") }
        let count = try parser.compileFilter(words[1])
        let nodes = try parser.parse(until: ["endrepeat"])
        _ = parser.nextToken()
        return .container(RepeatNode(count: count, nodes: nodes))
    }

    func render(_ renderer: Renderer) async throws {
        let count = try await renderer.value(of: count).wholeNumber ?? 0
        for _ in 0..<min(max(count, 0), 100) { try await renderer.render(nodes) }
    }
}
