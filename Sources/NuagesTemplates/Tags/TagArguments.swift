public import NuagesCore

/// The arguments that a custom tag takes.
public struct TagParameters: Sendable, ExpressibleByArrayLiteral {
    /// The names of the positional arguments in order.
    public var names: [String]
    /// How many of the last ``names`` may be left out.
    public var optionalCount: Int
    /// Whether further positional arguments are taken.
    public var takesMorePositional: Bool
    /// Whether further named arguments are taken.
    public var takesMoreNamed: Bool

    /// Parameters.
    ///
    /// - Parameters:
    ///   - names: the names of the positional arguments in order.
    ///   - optionalCount: how many of the last ones may be left out.
    ///   - takesMorePositional: whether further positional arguments are taken.
    ///   - takesMoreNamed: whether further named arguments are taken.
    public init(
        _ names: [String],
        optionalCount: Int = 0,
        takesMorePositional: Bool = false,
        takesMoreNamed: Bool = false
    ) {
        self.names = names
        self.optionalCount = optionalCount
        self.takesMorePositional = takesMorePositional
        self.takesMoreNamed = takesMoreNamed
    }

    /// Parameters that are all required.
    ///
    /// - Parameter elements: the names.
    public init(arrayLiteral elements: String...) { self.init(elements) }

    /// Anything.
    public static let any = TagParameters(
        [],
        takesMorePositional: true,
        takesMoreNamed: true
    )
}

/// The call of a custom tag: its arguments and the place where it stands.
public struct TagCall {
    /// The values of the positional arguments, those given by name behind them left out.
    public let positional: [ContextValue]
    /// The values of the arguments given by name, in order.
    public let named: [(name: String, value: ContextValue)]
    /// What a block tag encloses, rendered; empty for other tags.
    public let content: SafeString
    /// The page so far, its variables and what the request gave.
    public let renderer: Renderer
    let parameters: TagParameters

    /// A variable of the place where the tag stands.
    ///
    ///     library.simpleTag("greeting") { call in
    ///         .string("Hello \(try await call.variable("user.name")?.text ?? "you")")
    ///     }
    ///
    /// Django: `takes_context=True`.
    ///
    /// - Parameter path: the name, with lookups such as `user.name`.
    /// - Returns: the value, fetched where it had to be; nil where there is none.
    /// - Throws: what fetching throws.
    public func variable(_ path: String) async throws -> ContextValue? {
        let path = VariablePath(path)
        return try await renderer.fetching { renderer in
            try renderer.resolve(path).map { try renderer.settledThroughout($0) }
        }
    }

    /// The argument of a parameter, however it was given; nil where it was left out.
    ///
    /// - Parameter name: the parameter's name.
    /// - Returns: the value.
    public subscript(_ name: String) -> ContextValue? {
        if let entry = named.last(where: { $0.name.equalsBytes(name) }) { return entry.value }
        guard let index = parameters.names.firstIndex(where: { $0.equalsBytes(name) }),
            index < positional.count
        else { return nil }
        return positional[index]
    }
}

/// Compiled arguments of a custom tag.
struct TagArguments: Sendable {
    var positional: [FilterExpression] = []
    var named: [(name: String, value: FilterExpression)] = []

    func call(
        _ renderer: Renderer,
        _ parameters: TagParameters,
        content: SafeString
    ) async throws -> TagCall {
        let (positional, named) = try await renderer.fetching { renderer in
            (
                try self.positional.map { try renderer.resolve($0) },
                try self.named.map { (name: $0.name, value: try renderer.resolve($0.value)) }
            )
        }
        return TagCall(
            positional: positional,
            named: named,
            content: content,
            renderer: renderer,
            parameters: parameters
        )
    }
}

/// Reads the arguments of a custom tag and checks them against its parameters.
///
/// Django: `parse_bits`.
enum TagArgumentParser {
    static func parse(
        _ words: some Sequence<String>,
        _ parser: Parser,
        tag: String,
        parameters: TagParameters
    ) throws(TemplateError) -> TagArguments {
        var arguments = TagArguments()
        var missing = parameters.names
        for word in words {
            if let (name, value) = KeywordArguments.split(word), let name {
                guard
                    parameters.takesMoreNamed
                        || parameters.names.contains(where: { $0.equalsBytes(name) })
                else {
                    throw .syntax(
                        "'\(tag)' received unexpected keyword argument '\(name)'",
                        hint: NearestName.of(name, in: parameters.names)
                            .map { "Did you mean '\($0)'?" }
                    )
                }
                guard !arguments.named.contains(where: { $0.name.equalsBytes(name) }) else {
                    throw .syntax(
                        "'\(tag)' received multiple values for keyword argument '\(name)'"
                    )
                }
                arguments.named.append((name, try parser.compileFilter(value)))
                missing.removeAll { $0.equalsBytes(name) }
            } else {
                guard arguments.named.isEmpty else {
                    throw .syntax(
                        "'\(tag)' received some positional argument(s) after some keyword "
                            + "argument(s)"
                    )
                }
                arguments.positional.append(try parser.compileFilter(word))
                guard !missing.isEmpty || parameters.takesMorePositional else {
                    throw .syntax("'\(tag)' received too many positional arguments")
                }
                if !missing.isEmpty { missing.removeFirst() }
            }
        }
        let optional = parameters.names.suffix(parameters.optionalCount)
        missing.removeAll { name in optional.contains { $0.equalsBytes(name) } }
        guard missing.isEmpty else {
            throw .syntax(
                "'\(tag)' did not receive value(s) for the argument(s): "
                    + missing.map { "'\($0)'" }.joined(separator: ", ")
            )
        }
        return arguments
    }
}
