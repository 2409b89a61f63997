import SwiftSyntax
import SwiftSyntaxMacros

/// A property whose rows are in another table: under `@Reverse`, `@ManyToMany`, `@ForeignObject` or
/// `@GenericForeignKey`.
struct RelatedDeclaration {
    /// What the rows are found by.
    enum Role {
        /// The key path of the other model's relation, as it was written.
        case reverse(String)
        /// The model in between, where the program has one.
        case manyToMany(through: String?)
        /// The rule, and the fields on both sides.
        case foreignObject(onDelete: String, from: String, to: String)
        /// The arguments, as they were written.
        case generic(String)
    }

    let property: String
    /// The name in Django's spelling.
    let name: String
    /// The model of the rows.
    let source: String
    let role: Role
    /// Whether it is a set of an abstract model, which belongs to the rows of the models that have it.
    var isInherited = false
    /// Statements that set options of the schema.
    var options: [String] = []

    static let attributes = ["Reverse", "ManyToMany", "ForeignObject", "GenericForeignKey"]

    /// Reads a property; nil where it is under no such attribute, or a problem was reported.
    init?(_ variable: VariableDeclSyntax, reportingTo context: some MacroExpansionContext) {
        guard let attribute = Self.attribute(of: variable), let binding = variable.bindings.first,
            let property = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier.text
        else { return nil }
        self.property = property
        name = attribute.argument("name")?.literalText ?? FieldName.snakeCase(property)
        let type = binding.typeAnnotation?.type.trimmedDescription ?? ""
        switch attribute.plainName {
        case "Reverse":
            guard
                let path = attribute.arguments?.as(LabeledExprListSyntax.self)?.first?.expression
                    .as(KeyPathExprSyntax.self),
                let root = path.root?.trimmedDescription
            else {
                context.diagnose(
                    ModelDiagnostic.reverseWithoutKeyPath(property).diagnostic(at: attribute)
                )
                return nil
            }
            source = root
            role = .reverse(path.trimmedDescription)
        case "ManyToMany":
            let inherited = Self.argument(of: type, "InheritedSet")
            isInherited = inherited != nil
            guard let target = inherited ?? Self.argument(of: type, "RelatedSet") else {
                context.diagnose(
                    ModelDiagnostic.manyToManyType(property).diagnostic(at: attribute)
                )
                return nil
            }
            source = target
            role = .manyToMany(through: attribute.argument("through")?.trimmedDescription)
        case "GenericForeignKey":
            guard let model = Self.argument(of: type, "GenericObject") else {
                context.diagnose(
                    ModelDiagnostic.genericType(property).diagnostic(at: attribute)
                )
                return nil
            }
            source = model
            role = .generic(attribute.arguments?.trimmedDescription ?? "")
        default:
            guard let target = Self.argument(of: type, "RelatedOne") else {
                context.diagnose(
                    ModelDiagnostic.foreignObjectType(property).diagnostic(at: attribute)
                )
                return nil
            }
            source = target
            role = .foreignObject(
                onDelete: attribute.argument("onDelete")?.trimmedDescription ?? ".cascade",
                from: attribute.argument("from")?.trimmedDescription ?? "[]",
                to: attribute.argument("to")?.trimmedDescription ?? "[]"
            )
        }
        readOptions(attribute)
    }

    static func attribute(of variable: VariableDeclSyntax) -> AttributeSyntax? {
        attributes.lazy.compactMap { variable.attribute($0) }.first
    }

    private static func argument(of type: String, _ generic: String) -> String? {
        guard type.hasPrefix("\(generic)<"), type.hasSuffix(">") else { return nil }
        return String(type.dropFirst(generic.count + 1).dropLast())
    }

    private mutating func readOptions(_ attribute: AttributeSyntax) {
        switch role {
        case .reverse, .generic: return
        case .manyToMany, .foreignObject: break
        }
        for argument in attribute.arguments?.as(LabeledExprListSyntax.self) ?? [] {
            let value = argument.expression.trimmedDescription
            switch argument.label?.text {
            case nil: options.append("$0.verboseName = \(value)")
            case "to", "from", "through", "onDelete", "name": break
            case "isNullable": options.append("$0.isNullable = \(value)")
            case let label?:
                if let option = FieldOption.statement(label, value) { options.append(option) }
            }
        }
    }

    /// The property's getter.
    var getter: String {
        switch role {
        case .manyToMany where isInherited: ".init(\(name.quoted), loaded: _\(property))"
        case .reverse(let path): ".init(of: self, by: \(path), loaded: _\(property))"
        case .manyToMany, .foreignObject:
            ".init(of: self, along: \(name.quoted), loaded: _\(property))"
        case .generic: ".init(of: self, by: \(source).\(property), kept: _\(property))"
        }
    }

    /// What stands beside the property: where its rows are kept, and the reference of a generic one.
    func peers(access: String) -> [String] {
        guard case .generic(let arguments) = role else {
            return ["var _\(property): PrefetchedRows<\(source)>? = nil"]
        }
        return [
            "var _\(property): KeptObject? = nil",
            """
            \(access)static let \(property) = \
            GenericForeignKey<\(source)>(\(arguments), storage: \\\(source)._\(property))
            """,
        ]
    }

    /// The statement that declares it.
    var statement: String {
        let path = "\(name.quoted), \\.\(property), storage: \\._\(property)"
        var line: String
        switch role {
        case .reverse(let foreignKey): return "model.reverse(.of(\(path), \(foreignKey)))"
        case .manyToMany(let through):
            line = "model.manyToMany(\(path)\(through.map { ", through: \($0)" } ?? ""))"
        case .foreignObject(let onDelete, let from, let to):
            line = "model.foreignObject(\(path), from: \(from), to: \(to), onDelete: \(onDelete))"
        case .generic: return "model.generic(\(name.quoted))"
        }
        if !options.isEmpty { line += " {\n\(options.joined(separator: "\n"))\n}" }
        return line
    }

    /// The property of the fields as queries name them; no query can join rows of any model.
    var expression: String? {
        let path: String? =
            switch role {
            case .reverse(let path): "followingBack(\(path))"
            case .manyToMany, .foreignObject: "following(\(name.quoted))"
            case .generic: nil
            }
        guard let path else { return nil }
        return "var \(property): OptionalFields<\(source).Fields> "
            + "{ OptionalFields(path: _path.\(path)) }"
    }
}
