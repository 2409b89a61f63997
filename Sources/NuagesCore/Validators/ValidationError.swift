/// What is wrong with a value: one or more messages, each with a code, perhaps for a field.
///
///     throw ValidationError("Choose a day that is open.", code: "closed")
///     throw ValidationError("Already taken.", code: "unique", field: "username")
///
/// Django: `django.core.exceptions.ValidationError`.
public struct ValidationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One message.
    public struct Item: Sendable, Hashable {
        /// The message, with its parameters not yet filled in.
        public var message: ErrorMessage
        /// A stable name such as `required`; empty where there is none.
        public var code: String
        /// The values that the message names.
        public var parameters: [ErrorParameter]
        /// The field it is about; nil for the whole form or model.
        public var field: String?

        /// One message.
        ///
        /// - Parameters:
        ///   - message: the message, which may name parameters as `%(limit)s`.
        ///   - code: a stable name such as `required`.
        ///   - parameters: the values that the message names.
        ///   - field: the field it is about; nil for the whole form or model.
        public init(
            _ message: ErrorMessage,
            code: String = "",
            parameters: [ErrorParameter] = [],
            field: String? = nil
        ) {
            self.message = message
            self.code = code
            self.parameters = parameters
            self.field = field
        }

        /// The message in English, its parameters filled in.
        public var text: String { message.text(with: parameters) }
    }

    /// The name under which Django keeps the errors of the whole form or model.
    public static let nonFieldErrors = "__all__"

    /// The messages in order; at least one.
    public var items: [Item]

    /// Several messages.
    ///
    /// - Parameter items: the messages in order.
    public init(_ items: [Item]) { self.items = items }

    /// One message.
    ///
    /// - Parameters:
    ///   - message: the message, which may name parameters as `%(limit)s`.
    ///   - code: a stable name such as `required`.
    ///   - parameters: the values that the message names.
    ///   - field: the field it is about; nil for the whole form or model.
    public init(
        _ message: ErrorMessage,
        code: String = "",
        parameters: [ErrorParameter] = [],
        field: String? = nil
    ) {
        items = [Item(message, code: code, parameters: parameters, field: field)]
    }

    /// The code of the only message; nil where there are several.
    public var code: String? { items.count == 1 ? items[0].code : nil }

    /// The messages in English, one a line.
    public var description: String { items.map(\.text).joined(separator: "\n") }
}

/// A value that an error message names.
public struct ErrorParameter: Sendable, Hashable {
    /// The name, as in `%(name)s`.
    public var name: String
    /// The value as text.
    public var text: String
    /// The value as a number, by which the plural is chosen.
    public var count: Int?

    /// A parameter that is text.
    ///
    /// - Parameters:
    ///   - name: the name, as in `%(name)s`.
    ///   - text: the value.
    public init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }

    /// A parameter that is a number.
    ///
    /// - Parameters:
    ///   - name: the name, as in `%(name)d`.
    ///   - count: the value.
    public init(_ name: String, _ count: Int) {
        self.name = name
        self.text = String(count)
        self.count = count
    }
}
