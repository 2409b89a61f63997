import NuagesCore

/// Where in a template something is.
public struct TemplateLocation: Sendable, Hashable {
    /// The template's name; nil for a template made from a string.
    public var template: String?
    /// The line, from 1.
    public var line: Int
    /// The tag or variable as it stands in the source.
    public var source: String
    /// The bytes of `source` in the template.
    public var range: Range<Int>
}

/// What can go wrong while a template is found, compiled or rendered.
public enum TemplateError: Error, Sendable, CustomStringConvertible {
    /// The source cannot be compiled.
    case syntax(_ message: String, at: TemplateLocation? = nil, hint: String? = nil)
    /// No directory has the template; `tried` lists the files looked for.
    case doesNotExist(name: String, tried: [String], at: TemplateLocation? = nil)
    /// A variable that a tag or filter needs is not in the context.
    case variableDoesNotExist(name: String, at: TemplateLocation? = nil)
    /// A tag or filter failed while the page was written.
    case rendering(_ message: String, cause: (any Error)? = nil, at: TemplateLocation? = nil)
    /// Rendering went over one of ``TemplateLimits``.
    case limitExceeded(_ message: String, at: TemplateLocation? = nil)

    /// Where it went wrong; nil where no template is involved.
    public var location: TemplateLocation? {
        switch self {
        case .syntax(_, let location, _), .doesNotExist(_, _, let location),
            .variableDoesNotExist(_, let location), .rendering(_, _, let location),
            .limitExceeded(_, let location):
            location
        }
    }

    /// What is wrong, without the place and the hint.
    public var message: String {
        switch self {
        case .syntax(let message, _, _), .rendering(let message, _, _),
            .limitExceeded(let message, _):
            message
        case .doesNotExist(let name, _, _): name
        case .variableDoesNotExist(let name, _): "Failed lookup for key [\(name)]"
        }
    }

    /// What is wrong, where, and what to do.
    public var description: String {
        let place = location.map { place in
            let line = "line \(place.line), in \(place.source)"
            return place.template.map { "\($0), \(line): " } ?? "\(line): "
        }
        return (place ?? "") + explanation
    }

    private var explanation: String {
        switch self {
        case .syntax(let message, _, let hint): message + (hint.map { " \($0)" } ?? "")
        case .doesNotExist(let name, let tried, _):
            "There is no template '\(name)'."
                + (tried.isEmpty ? "" : " Tried: \(tried.joined(separator: ", ")).")
        case .variableDoesNotExist(let name, _):
            "There is no variable '\(name)' in the context."
        case .rendering(let message, let cause, _):
            message + (cause.map { " (\($0))" } ?? "")
        case .limitExceeded(let message, _): message
        }
    }

    /// The error with a place, if it has none yet.
    package func located(at place: @autoclosure () -> TemplateLocation) -> TemplateError {
        guard location == nil else { return self }
        switch self {
        case .syntax(let message, _, let hint): return .syntax(message, at: place(), hint: hint)
        case .doesNotExist(let name, let tried, _):
            return .doesNotExist(name: name, tried: tried, at: place())
        case .variableDoesNotExist(let name, _):
            return .variableDoesNotExist(name: name, at: place())
        case .rendering(let message, let cause, _):
            return .rendering(message, cause: cause, at: place())
        case .limitExceeded(let message, _): return .limitExceeded(message, at: place())
        }
    }
}
