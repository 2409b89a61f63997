public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A value that stood in a path, or that shall stand in one.
public enum PathArgument: Sendable, CustomStringConvertible {
    /// A number, of `<int:…>`.
    case int(Int)
    /// Text, of `<str:…>`, `<slug:…>` and `<path:…>`.
    case string(String)
    /// A UUID.
    case uuid(UUID)
    /// A value of a converter of one's own.
    case other(any Sendable)

    /// The text as it stands in a path, not encoded.
    public var description: String {
        switch plain {
        case .int(let value): String(value)
        case .string(let value): value
        case .uuid(let value): value.uuidString.lowercased()
        case .other(let value): "\(value)"
        }
    }

    /// The value for templates and comparisons.
    public var contextValue: ContextValue {
        switch plain {
        case .int(let value): .int(value)
        case .string(let value): .string(value)
        case .uuid(let value): .uuid(value)
        case .other(let value):
            (value as? any ContextConvertible)?.contextValue ?? .string("\(value)")
        }
    }

    /// A value of one's own as what it says to be in a path.
    private var plain: PathArgument {
        if case .other(let value) = self, let own = value as? any PathArgumentConvertible {
            own.pathArgument
        } else {
            self
        }
    }
}

/// A type whose values can stand in a URL: what `reverse` takes.
public protocol PathArgumentConvertible: Sendable {
    /// The value as an argument of a URL.
    var pathArgument: PathArgument { get }
}

extension PathArgument: PathArgumentConvertible {
    /// The argument itself.
    public var pathArgument: PathArgument { self }
}

extension Int: PathArgumentConvertible {
    /// A number.
    public var pathArgument: PathArgument { .int(self) }
}

extension String: PathArgumentConvertible {
    /// Text.
    public var pathArgument: PathArgument { .string(self) }
}

extension UUID: PathArgumentConvertible {
    /// A UUID.
    public var pathArgument: PathArgument { .uuid(self) }
}

extension ContextValue: PathArgumentConvertible {
    /// The value as `{% url %}` writes it into a URL.
    public var pathArgument: PathArgument {
        switch self {
        case .int(let value): .int(value)
        case .string(let value): .string(value)
        case .safe(let value): .string(value.html)
        case .uuid(let value): .uuid(value)
        case .bool(let value): .string(value ? "True" : "False")
        case .none: .string("None")
        case .double(let value): .string("\(value)")
        case .decimal(let value): .string("\(value)")
        case .date(let value): .string(value.description)
        case .time(let value): .string(value.description)
        case .object(let object):
            if case .object = object.contextDescription {
                .other(object)
            } else {
                object.contextDescription.pathArgument
            }
        default: .other(self)
        }
    }
}
