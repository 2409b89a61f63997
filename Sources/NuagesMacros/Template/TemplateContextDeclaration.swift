import SwiftSyntax

/// A struct under `@TemplateContext`: its properties that a template can reach.
struct TemplateContextDeclaration {
    /// A property.
    struct Property {
        let name: String
        /// The type as it is written; nil where only the compiler knows it.
        let type: String?
        let isComputed: Bool

        /// Django's spelling, then Swift's.
        var names: [String] {
            let plain = name.filter { $0 != "`" }
            let snake = FieldName.snakeCase(plain)
            return snake == plain ? [plain] : [snake, plain]
        }
    }

    let name: String
    let access: String
    let template: String?
    let properties: [Property]
    private let hasDescription: Bool

    init(_ declaration: some DeclGroupSyntax, template: String?) {
        name = declaration.as(StructDeclSyntax.self)?.name.text ?? ""
        access =
            declaration.modifiers.first { ["public", "package"].contains($0.name.text) }
            .map { "\($0.name.text) " } ?? ""
        self.template = template
        let variables = declaration.memberBlock.members.compactMap {
            $0.decl.as(VariableDeclSyntax.self)
        }
        properties = variables.filter(Self.isReachable).flatMap(Self.properties)
        hasDescription = variables.contains { variable in
            variable.bindings.contains { $0.pattern.trimmedDescription == "contextDescription" }
        }
    }

    private static func isReachable(_ variable: VariableDeclSyntax) -> Bool {
        let hiding = ["private", "fileprivate", "static", "class"]
        return !variable.modifiers.contains { modifier in
            hiding.contains(modifier.name.text) && modifier.detail == nil
        }
    }

    private static func properties(_ variable: VariableDeclSyntax) -> [Property] {
        let bindings = Array(variable.bindings)
        return bindings.indices.compactMap { index in
            let binding = bindings[index]
            guard let pattern = binding.pattern.as(IdentifierPatternSyntax.self),
                !["contextDescription", "contextElements"].contains(pattern.identifier.text)
            else { return nil }
            // In `let a, b: Int` the type stands behind the last name.
            let annotation = bindings[index...].lazy.compactMap(\.typeAnnotation).first?.type
            return Property(
                name: pattern.identifier.text,
                type: annotation == nil
                    ? binding.initializer?.value.inferredType : annotation.flatMap(Self.text),
                isComputed: binding.isComputed
            )
        }
    }

    /// A type as it is written; nil where it is opaque or existential and says nothing of members.
    private static func text(_ type: TypeSyntax) -> String? {
        let isAbstract = type.tokens(viewMode: .sourceAccurate).contains {
            [.keyword(.some), .keyword(.any)].contains($0.tokenKind)
        }
        return isAbstract ? nil : type.trimmedDescription
    }

    /// The members of the extension.
    var members: [String] {
        var members: [String] = []
        if let template {
            members.append("    \(access)static var templateName: String { \(template.quoted) }")
            members.append(contextVariables)
        }
        members += [contextMember, contextShape]
        if !hasDescription {
            members.append(
                "    \(access)var contextDescription: NuagesCore.ContextValue "
                    + "{ .string(\(name.quoted)) }"
            )
        }
        return members
    }

    private var contextVariables: String {
        let lines = properties.flatMap { property in
            property.names.map { name in
                let value = "self.\(property.name).contextValue"
                return "variables[\(name.quoted)] = "
                    + (property.isComputed ? ".lazy { \(value) }" : value)
            }
        }
        return """
                \(access)var contextVariables: NuagesCore.ContextDictionary {
                    var variables = NuagesCore.ContextDictionary()
                    \((lines + ["return variables"]).joined(separator: "\n        "))
                }
            """
    }

    private var contextMember: String {
        let cases = properties.map { property in
            "case \(property.names.map(\.quoted).joined(separator: ", ")): "
                + "self.\(property.name).contextValue"
        }
        return """
                \(access)func contextMember(_ name: String) -> NuagesCore.ContextValue? {
                    switch name {
                    \((cases + ["default: nil"]).joined(separator: "\n        "))
                    }
                }
            """
    }

    private var contextShape: String {
        let lines = properties.map { property in
            let shape = property.type.map { ".of(\($0).self)" } ?? ".anything"
            return "\(property.names[0].quoted): { \(shape) }"
        }
        let list = lines.isEmpty ? "[:]" : "[\(lines.joined(separator: ", "))]"
        return """
                \(access)static var contextShape: NuagesCore.ContextShape {
                    .members(\(list))
                }
            """
    }
}
