import SwiftSyntax
import SwiftSyntaxMacros

/// A function of a struct with `@Form` that checks one field: `cleanSubject(_ subject: inout String)`.
struct FieldCheckDeclaration {
    private let function: String
    private let field: FormFieldDeclaration
    private let index: Int
    private let effects: String
    private let canThrow: Bool
    let isStatic: Bool

    /// All of them, in the order of the fields.
    static func all(
        in structure: StructDeclSyntax,
        _ fields: [FormFieldDeclaration],
        reportingTo context: some MacroExpansionContext
    ) -> [FieldCheckDeclaration] {
        var checks: [FieldCheckDeclaration] = []
        var others: [(FunctionDeclSyntax, field: Int)] = []
        for member in structure.memberBlock.members {
            guard let function = member.decl.as(FunctionDeclSyntax.self) else { continue }
            let name = function.name.text
            let field = fields.firstIndex { name == "clean\(capitalized($0))" }
            guard isCheck(function) else {
                if let field { others.append((function, field)) }
                continue
            }
            guard let index = field else {
                context.diagnose(
                    FormDiagnostic.checksNoField(name).diagnostic(at: function.name)
                )
                continue
            }
            checks.append(FieldCheckDeclaration(function, fields[index], at: index))
        }
        for (function, index) in others where !checks.contains(where: { $0.index == index }) {
            let (property, type) = (fields[index].property, fields[index].type)
            context.diagnose(
                FormDiagnostic.isNeverCalled(function.name.text, property, type)
                    .diagnostic(at: function.name)
            )
        }
        return checks.sorted { $0.index < $1.index }
    }

    private static func capitalized(_ field: FormFieldDeclaration) -> String {
        let name = field.property.filter { $0 != "`" }
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    /// Whether a function takes one value to change and is called `clean` and more.
    private static func isCheck(_ function: FunctionDeclSyntax) -> Bool {
        let parameters = function.signature.parameterClause.parameters
        // `clean(_ instance:)` of a model form checks the row.
        guard function.name.text.hasPrefix("clean"),
            !["clean", "cleanFields"].contains(function.name.text),
            parameters.count == 1, let parameter = parameters.first,
            parameter.firstName.tokenKind == .wildcard,
            let type = parameter.type.as(AttributedTypeSyntax.self)
        else { return false }
        return type.specifiers.contains { $0.trimmedDescription == "inout" }
    }

    private init(
        _ function: FunctionDeclSyntax,
        _ field: FormFieldDeclaration,
        at index: Int
    ) {
        self.function = function.name.text
        self.field = field
        self.index = index
        let specifiers = function.signature.effectSpecifiers
        canThrow = specifiers?.throwsClause != nil
        effects =
            (canThrow ? "try " : "") + (specifiers?.asyncSpecifier != nil ? "await " : "")
        isStatic = function.modifiers.contains { $0.name.tokenKind == .keyword(.static) }
    }

    /// The statements that run the function, indented by eight blanks.
    var source: String {
        if isStatic {
            return """
                        try await fields.clean(at: \(index), as: \(field.type).self) {
                            \(effects)Self.\(function)(&$0)
                        }

                """
        }
        let value = "\(field.name)Value"
        var lines = [
            "var \(value) = self.\(field.property)", "\(effects)self.\(function)(&\(value))",
        ]
        if !field.isConstant { lines.append("self.\(field.property) = \(value)") }
        guard canThrow else {
            return "        do {\n" + lines.map { "            \($0)\n" }.joined() + "        }\n"
        }
        return "        do {\n" + lines.map { "            \($0)\n" }.joined()
            + "        } catch let error as NuagesCore.ValidationError {\n"
            + "            errors.add(error, to: \"\(field.name)\")\n        }\n"
    }
}
