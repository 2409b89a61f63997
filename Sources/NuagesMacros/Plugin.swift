import SwiftCompilerPlugin
import SwiftSyntaxMacros

@main
struct NuagesPlugin: CompilerPlugin {
    let providingMacros: [any Macro.Type] = [
        AbstractModelMacro.self,
        FieldMacro.self,
        FormMacro.self,
        FormFieldMacro.self,
        ModelMacro.self,
        PathMacro.self,
        RegexPathMacro.self,
        RelatedMacro.self,
        TemplateContextMacro.self,
    ]
}
