import NuagesCore

/// Tags and filters under one name, which a template gets by `{% load name %}`.
///
///     var library = Library()
///     library.filter("shout") { value in "\(value)!" }
///     library.simpleTag("add", parameters: ["a", "b"]) { call in … }
///
/// Django: `django.template.Library`.
public struct Library: Sendable {
    /// Compiles a tag: reads what belongs to it from the parser and returns its node.
    public typealias TagCompiler = @Sendable (Parser, Token) throws -> Node

    package private(set) var tags: [String: TagCompiler] = [:]
    package private(set) var filters: [String: Filter] = [:]

    /// No tags and filters.
    public init() {}

    /// Adds a tag with full control over parsing and rendering.
    ///
    /// - Parameters:
    ///   - name: the tag's name.
    ///   - compile: reads the tag and returns its node.
    public mutating func tag(_ name: String, compile: @escaping TagCompiler) {
        tags[name] = compile
    }

    /// Adds a filter that sees the page: whether values are escaped, the language, the time.
    ///
    /// - Parameters:
    ///   - name: the filter's name.
    ///   - argument: whether it takes an argument.
    ///   - isSafe: whether safe text is still safe behind the filter; only for filters that add
    ///     none of the characters that HTML gives a meaning.
    ///   - expectsLocalTime: whether moments are converted to the page's time zone first.
    ///   - body: the value, the argument and the page in; the new value out.
    public mutating func filter(
        _ name: String,
        argument: Filter.Argument = .none,
        isSafe: Bool = false,
        expectsLocalTime: Bool = false,
        body: @escaping Filter.Body
    ) {
        filters[name] = Filter(
            name: name,
            argument: argument,
            isSafe: isSafe,
            expectsLocalTime: expectsLocalTime,
            takesText: false,
            work: .plain(body)
        )
    }

    /// Adds a filter that looks only at the value itself, not at what is in it.
    ///
    /// `prepare` gives the work for an argument that is a constant of the template, if there is a
    /// shorter way.
    mutating func plainFilter(
        _ name: String,
        argument: Filter.Argument = .none,
        isSafe: Bool = false,
        expectsLocalTime: Bool = false,
        prepare: (@Sendable (_ argument: ContextValue) -> Filter.Body?)? = nil,
        body: @escaping Filter.Body
    ) {
        filters[name] = Filter(
            name: name,
            argument: argument,
            isSafe: isSafe,
            expectsLocalTime: expectsLocalTime,
            takesText: false,
            reach: .value,
            work: .plain(body),
            prepare: prepare
        )
    }

    /// Adds a filter that asks for members of its value's elements.
    mutating func memberFilter(
        _ name: String,
        argument: Filter.Argument,
        body: @escaping Filter.SettlingBody
    ) {
        filters[name] = Filter(
            name: name,
            argument: argument,
            isSafe: false,
            expectsLocalTime: false,
            takesText: false,
            reach: .value,
            work: .settling(body)
        )
    }

    /// Adds a filter that works on the text of any value and sees the page.
    mutating func textFilter(
        _ name: String,
        argument: Filter.Argument = .none,
        isSafe: Bool = false,
        body: @escaping Filter.Body
    ) {
        filters[name] = Filter(
            name: name,
            argument: argument,
            isSafe: isSafe,
            expectsLocalTime: false,
            takesText: true,
            work: .plain(body)
        )
    }

    /// Adds a filter that turns text into text.
    ///
    /// - Parameters:
    ///   - name: the filter's name.
    ///   - isSafe: whether safe text is still safe behind the filter.
    ///   - body: the text in; the new text out.
    public mutating func filter(
        _ name: String,
        isSafe: Bool = false,
        body: @escaping @Sendable (String) throws -> String
    ) {
        textFilter(name, isSafe: isSafe) { value, _, _ in .string(try body(value.plainText)) }
    }

    /// The library with only these tags and filters; nil if it has none of that name.
    func subset(_ names: [String]) -> (library: Library, missing: String?) {
        var subset = Library()
        for name in names {
            guard tags[name] != nil || filters[name] != nil else { return (subset, name) }
            subset.tags[name] = tags[name]
            subset.filters[name] = filters[name]
        }
        return (subset, nil)
    }

    /// Takes over everything of another library; its tags and filters win.
    mutating func merge(_ other: Library) {
        tags.merge(other.tags) { $1 }
        filters.merge(other.filters) { $1 }
    }

    /// The filter called `name`.
    ///
    /// - Parameter name: the filter's name.
    /// - Returns: the filter, or nil where the library has none of that name.
    public func filter(named name: String) -> Filter? { filters[name] }
}
