import NuagesCore

extension Renderer {
    /// Writes a template with the variables of this place.
    func render(_ template: Template) async throws {
        guard templates.count < engine.limits.templateDepth else {
            throw TemplateError.limitExceeded(
                "Templates include each other more than \(engine.limits.templateDepth) deep. "
                    + "Does one include itself without end?"
            )
        }
        try checkLimits()
        templates.append(TemplateState(template))
        defer { templates.removeLast() }
        try await render(template.nodes)
    }

    /// Writes a template that sees only these variables.
    func renderIsolated(_ template: Template, _ context: ContextDictionary) async throws {
        let (outerBase, outerFloor) = (base, floor)
        base = context
        floor = slots.count
        scopes.append(slots.count)
        defer {
            (base, floor) = (outerBase, outerFloor)
            slots.removeLast(slots.count - (scopes.popLast() ?? slots.count))
        }
        try await render(template)
    }

    /// Changes the state of the template being rendered.
    func withState<Result>(_ body: (inout TemplateState) -> Result) -> Result? {
        guard !templates.isEmpty else { return nil }
        return body(&templates[templates.count - 1])
    }
}
