public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a filter may know of the page in which it stands.
public struct FilterContext: Sendable {
    /// Whether values are escaped here; `{% autoescape off %}` switches it off.
    public let isEscaping: Bool
    let page: PageContext

    init(isEscaping: Bool, page: PageContext) {
        self.isEscaping = isEscaping
        self.page = page
    }

    /// A context for calling a filter outside a page.
    ///
    /// - Parameters:
    ///   - environment: the language, the time zone, the clock.
    ///   - isEscaping: whether values are escaped.
    public init(environment: TemplateEnvironment, isEscaping: Bool = true) {
        self.init(
            isEscaping: isEscaping,
            page: PageContext(environment: environment, isDebug: false)
        )
    }

    /// The language, formats and time zone.
    public var localization: Localization { page.environment.localization }

    /// The current time.
    public var now: Date { page.environment.now() }
}

/// A filter: `{{ value|name:argument }}`.
///
/// Django: a function registered with `@register.filter`.
public struct Filter: Sendable {
    /// Whether a filter takes an argument.
    public enum Argument: Sendable {
        /// Never.
        case none
        /// If there is one.
        case optional
        /// Always.
        case required
    }

    /// A filter's work: the value, the argument and the page in; the new value out.
    public typealias Body =
        @Sendable (ContextValue, ContextValue?, FilterContext) throws -> ContextValue

    /// A filter's work that itself asks for values which are computed when they are needed.
    typealias SettlingBody =
        @Sendable (
            ContextValue, ContextValue?, FilterContext, Settler
        ) throws -> ContextValue

    enum Work: Sendable {
        case plain(Body)
        case settling(SettlingBody)
    }

    /// How far into its value a filter looks: that far, values are computed before it runs.
    enum Reach: Sendable {
        /// At the value itself, or at its length.
        case value
        /// At everything in it, such as the texts of a list's elements.
        case everything
    }

    /// The name in templates.
    public let name: String
    let argument: Argument
    let isSafe: Bool
    let expectsLocalTime: Bool
    /// Whether the filter works on the text of any value; Django: `@stringfilter`.
    let takesText: Bool
    var reach = Reach.everything
    var work: Work
    /// The work for an argument that is known when the template is compiled.
    var prepare: (@Sendable (_ argument: ContextValue) -> Body?)?

    /// The filter, ready for an argument that is a constant.
    func prepared(for argument: ContextValue) -> Filter {
        guard let body = prepare?(argument) else { return self }
        var filter = self
        filter.work = .plain(body)
        return filter
    }

    /// Runs the filter on a value, as a template would.
    ///
    /// A value that has to be waited for is nothing here; a template fetches it first.
    ///
    /// - Parameters:
    ///   - value: the value before the filter.
    ///   - argument: the argument, if there is one.
    ///   - context: the page.
    /// - Returns: the value behind the filter, marked safe where the filter keeps text safe.
    /// - Throws: what the filter throws.
    public func apply(
        to value: ContextValue,
        argument: ContextValue? = nil,
        _ context: FilterContext
    ) throws -> ContextValue {
        try apply(to: value, argument: argument, context, Settler(renderer: nil))
    }

    func apply(
        to value: ContextValue,
        argument: ContextValue?,
        _ context: FilterContext,
        _ settler: Settler
    ) throws -> ContextValue {
        var input = expectsLocalTime ? context.page.local(value) : value
        if reach == .everything || input.isFragment {
            input = try settler.throughout(input, walksObject: !takesText)
        }
        // A secret stays one; its asterisks are no text to work on.
        if takesText, case .object(let object) = input, object is SensitiveObject { return input }
        let output = try settler(try perform(input, argument, context, settler))
        try context.page.checkSize(of: output, madeBy: name)
        return marked(output, like: input)
    }

    private func perform(
        _ input: ContextValue,
        _ argument: ContextValue?,
        _ context: FilterContext,
        _ settler: Settler
    ) throws -> ContextValue {
        switch work {
        case .plain(let body): try body(input, argument, context)
        case .settling(let body): try body(input, argument, context, settler)
        }
    }

    /// Runs the filter as a plain function: what a template does around it is left out.
    package func call(
        _ value: ContextValue,
        _ argument: ContextValue? = nil,
        _ context: FilterContext
    ) throws -> ContextValue {
        let output = try perform(value, argument, context, Settler(renderer: nil))
        return takesText ? marked(output, like: value) : output
    }

    /// The text marked safe, if the filter keeps text safe and it was safe before.
    private func marked(_ output: ContextValue, like input: ContextValue) -> ContextValue {
        guard isSafe, input.isSafe, case .string(let text) = output else { return output }
        return .safe(SafeString(unsafe: text))
    }
}
