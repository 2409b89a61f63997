import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxMacros

/// What a struct with `@Form` says, read and checked.
struct FormDeclaration {
    /// The access modifier with a blank behind it; empty for an internal struct.
    let access: String
    let fields: [FormFieldDeclaration]
    /// The functions that check one field each.
    let checks: [FieldCheckDeclaration]

    /// Reads a declaration; nil, with diagnostics, where it is no form.
    init?(
        _ declaration: some DeclGroupSyntax,
        of node: AttributeSyntax,
        reportingTo context: some MacroExpansionContext
    ) {
        guard let structure = declaration.as(StructDeclSyntax.self) else {
            context.diagnose(FormDiagnostic.notAStruct.diagnostic(at: declaration, of: node))
            return nil
        }
        if let generics = structure.genericParameterClause {
            context.diagnose(FormDiagnostic.genericStruct.diagnostic(at: generics))
            return nil
        }
        access = Self.access(of: structure.modifiers)
        var fields: [FormFieldDeclaration] = []
        var isSound = true
        for member in structure.memberBlock.members {
            guard let variable = member.decl.as(VariableDeclSyntax.self),
                Self.isStored(variable)
            else { continue }
            guard let field = FormFieldDeclaration(variable, reportingTo: context) else {
                isSound = false
                continue
            }
            if let other = fields.first(where: { $0.name == field.name }) {
                context.diagnose(
                    FormDiagnostic.duplicateName(field.name, other.property)
                        .diagnostic(at: variable)
                )
                isSound = false
            }
            fields.append(field)
        }
        if !isSound { return nil }
        self.fields = fields
        checks = FieldCheckDeclaration.all(in: structure, fields, reportingTo: context)
    }

    private static func access(of modifiers: DeclModifierListSyntax) -> String {
        for modifier in modifiers {
            switch modifier.name.tokenKind {
            case .keyword(.public), .keyword(.package): return "\(modifier.name.text) "
            default: continue
            }
        }
        return ""
    }

    /// Whether the declaration is of an instance's stored properties.
    private static func isStored(_ variable: VariableDeclSyntax) -> Bool {
        let isStatic = variable.modifiers.contains { $0.name.tokenKind == .keyword(.static) }
        return !isStatic
            && variable.bindings.allSatisfy { binding in
                switch binding.accessorBlock?.accessors {
                case nil: true
                case .getter: false
                case .accessors(let accessors):
                    accessors.allSatisfy {
                        $0.accessorSpecifier.tokenKind == .keyword(.willSet)
                            || $0.accessorSpecifier.tokenKind == .keyword(.didSet)
                    }
                }
            }
    }
}
