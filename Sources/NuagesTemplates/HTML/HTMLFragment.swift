public import NuagesCore

/// HTML made in Swift with templates in it, as a value of a template.
final class HTMLFragment: ContextObject {
    let output: HTMLOutput

    init(_ output: HTMLOutput) { self.output = output }

    func contextMember(_ name: String) -> ContextValue? { nil }

    /// The HTML without its templates, for what has no page to render them in.
    var contextDescription: ContextValue {
        .safe(SafeString(unsafe: String(decoding: output.bytes, as: UTF8.self)))
    }
}

extension Renderer {
    /// A fragment with its templates rendered.
    func html(of fragment: HTMLFragment) async throws -> ContextValue {
        let bytes = try await capture { try await write(fragment.output) }
        return .safe(SafeString(unsafe: String(decoding: bytes, as: UTF8.self)))
    }

    /// Writes HTML made in Swift, each template at its place.
    func write(_ content: HTMLOutput) async throws {
        var start = 0
        for (offset, part) in content.parts {
            output.append(contentsOf: content.bytes[start..<offset])
            start = offset
            let template = try engine.template(named: part.name)
            try await withScope {
                for (name, value) in part.context.entries { set(name, value) }
                try await render(template)
            }
            try checkLimits()
        }
        output.append(contentsOf: content.bytes[start...])
        try checkLimits()
    }
}

extension TemplateEngine {
    /// Writes HTML made in Swift, the templates in it included.
    ///
    ///     try await engine.render(HTML.p { "Hello" })
    ///
    /// - Parameters:
    ///   - content: the page.
    ///   - context: the variables that its templates see besides their own.
    ///   - environment: what the request gives.
    /// - Returns: the page in UTF-8.
    /// - Throws: ``TemplateError``, with the name and line of the template that failed.
    public func render(
        _ content: some HTMLContent,
        _ context: ContextDictionary = [:],
        environment: TemplateEnvironment = TemplateEnvironment()
    ) async throws -> [UInt8] {
        try await render(content, environment: environment) { context }
    }

    /// Writes HTML made in Swift, whose templates see what `context` gives; without templates in
    /// it, that is not asked for.
    package func render(
        _ content: some HTMLContent,
        environment: TemplateEnvironment,
        context: () async throws -> ContextDictionary
    ) async throws -> [UInt8] {
        var output = HTMLOutput(limits: limits)
        content.write(to: &output)
        try output.checkLimits()
        guard !output.parts.isEmpty else { return output.bytes }
        let renderer = Renderer(
            engine: self,
            context: try await context(),
            environment: environment
        )
        try await renderer.write(output)
        return renderer.output
    }
}
