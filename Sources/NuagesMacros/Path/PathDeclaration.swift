import SwiftDiagnostics
import SwiftParser
import SwiftSyntax
import SwiftSyntaxBuilder

/// What stands between the parentheses of `#path` and `#rePath`.
struct RouteArguments {
    let literal: StringLiteralExprSyntax
    let pattern: String
    let target: Target
    /// The labelled arguments that are passed on as they are: `name`, `methods`, `namespace`.
    let options: String

    enum Target {
        case view(ExprSyntax)
        case include(ExprSyntax)

        /// The argument of the initializer.
        var source: String {
            switch self {
            case .view(let view): "view: \(view)"
            case .include(let routes): "include: \(routes)"
            }
        }
    }

    /// What says in lists which view it is: `.viewed(as: "detail")`; empty for an include, and for a
    /// view that is written out in place.
    var viewNote: String {
        guard case .view(let view) = target,
            view.is(DeclReferenceExprSyntax.self) || view.is(MemberAccessExprSyntax.self)
                || view.is(FunctionCallExprSyntax.self)
        else { return "" }
        let text = view.description
        guard text.utf8.count <= 60, !text.utf8.contains(0x0A), !text.utf8.contains(0x7B) else {
            return ""
        }
        return ".viewed(as: \(StringLiteralExprSyntax(content: text)))"
    }

    init(_ node: some FreestandingMacroExpansionSyntax, macro: String) throws {
        var arguments = Array(node.arguments)
        if let closure = node.trailingClosure {
            arguments.insert(
                LabeledExprSyntax(expression: ExprSyntax(closure)),
                at: min(1, arguments.count)
            )
        }
        guard let first = arguments.first?.expression else {
            throw PathDiagnostic.missingPattern(macro).error(at: node)
        }
        guard let literal = first.as(StringLiteralExprSyntax.self),
            let pattern = literal.representedLiteralValue
        else { throw PathDiagnostic.notALiteral(macro).error(at: first) }
        guard arguments.count > 1 else {
            throw PathDiagnostic.missingView(macro).error(at: node)
        }
        self.literal = literal
        self.pattern = pattern
        let target = arguments[1]
        if target.label?.text == "include" {
            self.target = .include(target.expression.trimmed)
        } else {
            self.target = .view(target.expression.trimmed)
        }
        options = arguments.dropFirst(2).map { ", \($0.trimmed.with(\.trailingComma, nil))" }
            .joined()
    }
}

/// What a `#path` says, read and checked.
struct PathDeclaration {
    let arguments: RouteArguments
    let converters: [String]

    init(_ node: some FreestandingMacroExpansionSyntax) throws {
        arguments = try RouteArguments(node, macro: "#path")
        converters = try Self.converters(in: arguments.pattern, at: arguments.literal)
    }

    /// The types of the converters, in the order of the captures.
    private static func converters(
        in pattern: String,
        at literal: StringLiteralExprSyntax
    ) throws -> [String] {
        let scan = PathPatternScan(pattern)
        var found = scan.problems
        var names: [String] = []
        var types: [String] = []
        for capture in scan.captures {
            if names.contains(capture.name) { found.append(.duplicateName(capture.name, pattern)) }
            names.append(capture.name)
            if let type = converterType(capture.converter) {
                types.append(type)
            } else {
                found.append(.unknownConverter(capture.converter, pattern))
            }
        }
        guard found.isEmpty else {
            throw DiagnosticsError(
                diagnostics: found.map { Diagnostic(node: literal, message: $0) }
            )
        }
        return types
    }

    /// Names that look right and are none; any other one may have been registered.
    private static let mistakes: Set<String> = [
        "any", "bool", "date", "digits", "double", "float", "guid", "id", "integer", "number",
        "pk", "rest", "string", "text", "uid",
    ]

    /// The type of a converter: a registered one by its name, else a type by its own.
    private static func converterType(_ name: String) -> String? {
        switch name {
        case "int": return "NuagesHTTP.IntConverter"
        case "str": return "NuagesHTTP.StringConverter"
        case "slug": return "NuagesHTTP.SlugConverter"
        case "uuid": return "NuagesHTTP.UUIDConverter"
        case "path": return "NuagesHTTP.RestConverter"
        default: break
        }
        guard isDottedName(name), !mistakes.contains(name) else { return nil }
        let last = name.split(separator: ".").last?.utf8.first ?? 0
        return (0x41...0x5A).contains(last) ? name : "NuagesHTTP.PathConverters.\(name)"
    }

    private static func isDottedName(_ name: String) -> Bool {
        name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            part.utf8.allSatisfy(isIdentifierByte)
                && part.utf8.first.map { $0 < 0x30 || $0 > 0x39 } == true
        }
    }

    static func isIdentifierByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF: true
        default: false
        }
    }
}

/// Finds the captures in a pattern, as the run time does.
struct PathPatternScan {
    var captures: [(converter: String, name: String)] = []
    var problems: [PathDiagnostic] = []

    init(_ pattern: String) {
        if pattern.utf8.first == 0x2F { problems.append(.leadingSlash(pattern)) }
        var rest = Array(pattern.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x3E {
                problems.append(.unmatchedBracket(">", pattern))
            }
            guard byte == 0x3C else { continue }
            guard let close = rest.firstIndex(of: 0x3E), close > rest.startIndex else {
                problems.append(.unmatchedBracket("<", pattern))
                continue
            }
            addCapture(String(decoding: rest[..<close], as: UTF8.self), in: pattern)
            rest = rest[(close + 1)...]
        }
    }

    private mutating func addCapture(_ inner: String, in pattern: String) {
        if inner.utf8.contains(where: { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }) {
            problems.append(.whitespace(inner, pattern))
            return
        }
        let colon = inner.utf8.firstIndex(of: 0x3A)
        let converter = colon.map { String(inner[..<$0]) } ?? "str"
        let name = colon.map { String(inner[inner.utf8.index(after: $0)...]) } ?? inner
        let isIdentifier =
            name.utf8.first.map { $0 < 0x30 || $0 > 0x39 } == true
            && name.utf8.allSatisfy(PathDeclaration.isIdentifierByte)
        if !isIdentifier { problems.append(.invalidName(name, pattern)) }
        captures.append((converter, name))
    }
}
