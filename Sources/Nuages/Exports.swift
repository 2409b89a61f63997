// One import for a site: `import Nuages`. Drivers are imported by name, so that a site links only
// the databases it uses.
@_exported public import ArgumentParser
@_exported public import NuagesCommands
@_exported public import NuagesContrib
@_exported public import NuagesCore
@_exported public import NuagesFiles
@_exported public import NuagesForms
@_exported public import NuagesHTTP
@_exported public import NuagesModelForms
@_exported public import NuagesORM
@_exported public import NuagesRegex
@_exported public import NuagesServer
@_exported public import NuagesTemplates
@_exported public import NuagesViews

#if canImport(FoundationEssentials)
@_exported public import FoundationEssentials
#else
@_exported public import Foundation
#endif
