import SwiftCompilerPlugin
import SwiftSyntaxMacros

@main
struct NuagesPlugin: CompilerPlugin {
    let providingMacros: [any Macro.Type] = [
        FieldMacro.self,
        FormMacro.self,
        FormFieldMacro.self,
        ModelMacro.self,
        PathMacro.self,
        RegexPathMacro.self,
        ReverseMacro.self,
        TemplateContextMacro.self,
    ]
}
