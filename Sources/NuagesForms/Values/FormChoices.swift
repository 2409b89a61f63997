public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// One choice: the value that is submitted and the label that is shown.
public struct FormChoice: Sendable {
    /// The value that is submitted.
    public var value: String
    /// The label that is shown.
    public var label: ChoiceLabel

    /// A choice.
    ///
    /// - Parameters:
    ///   - value: the value that is submitted.
    ///   - label: the label that is shown.
    public init(_ value: String, _ label: ChoiceLabel) {
        self.value = value
        self.label = label
    }
}

/// The choices of a field, some of them perhaps in groups.
///
///     let sizes: FormChoices = ["s": "Small", "m": "Medium"]
///     let answers = FormChoices(question.choices.map { ($0.id, $0.choiceText) })
public struct FormChoices: Sendable, ExpressibleByDictionaryLiteral {
    /// A choice or a group of them.
    public enum Item: Sendable {
        /// A choice.
        case choice(FormChoice)
        /// FormChoices under a heading.
        case group(label: String, choices: [FormChoice])
    }

    /// The choices and groups in order.
    public var items: [Item]

    /// FormChoices and groups.
    ///
    /// - Parameter items: the choices and groups in order.
    public init(items: [Item]) { self.items = items }

    /// FormChoices without groups.
    ///
    /// - Parameter choices: values and labels.
    public init<Value: ChoiceValue>(_ choices: some Sequence<(Value, String)>) {
        items = choices.map { .choice(FormChoice($0.choiceText, .text($1))) }
    }

    /// FormChoices without groups.
    ///
    /// - Parameter elements: values and labels.
    public init(dictionaryLiteral elements: (String, ChoiceLabel)...) {
        items = elements.map { .choice(FormChoice($0, $1)) }
    }

    /// Appends a heading with choices under it.
    ///
    /// - Parameters:
    ///   - label: the heading.
    ///   - choices: values and labels.
    public mutating func appendGroup<Value: ChoiceValue>(
        _ label: String,
        _ choices: some Sequence<(Value, String)>
    ) {
        items.append(
            .group(label: label, choices: choices.map { FormChoice($0.choiceText, .text($1)) })
        )
    }

    /// All choices in order, whatever their group.
    package var all: [FormChoice] {
        items.flatMap { item in
            switch item {
            case .choice(let choice): [choice]
            case .group(_, let choices): choices
            }
        }
    }

    /// The choices as a template sees them: the name of the group, its options, its index.
    ///
    /// - Parameter option: gives the members of the option with a choice and its index.
    /// - Returns: a list of groups; a choice without one is a group of its own, without a name.
    func optionGroups(_ option: (FormChoice, String) -> ContextDictionary) -> ContextValue {
        .array(
            items.enumerated().map { index, item in
                switch item {
                case .choice(let choice):
                    let only = ContextValue.dictionary(option(choice, String(index)))
                    return .array([.none, .array([only]), .int(index)])
                case .group(let label, let choices):
                    let options = choices.enumerated().map { place, choice in
                        ContextValue.dictionary(option(choice, "\(index)_\(place)"))
                    }
                    return .array([.string(label), .array(options), .int(index)])
                }
            }
        )
    }

    /// Whether one of the choices has the value.
    package func contains(_ value: String) -> Bool {
        items.contains { item in
            switch item {
            case .choice(let choice): choice.value.equalsBytes(value)
            case .group(_, let choices): choices.contains { $0.value.equalsBytes(value) }
            }
        }
    }
}

/// A type whose values can be chosen in a form: text, whole numbers, UUIDs, and enums of those.
///
///     enum Size: String, CaseIterable, ChoiceValue { case small, medium }
public protocol ChoiceValue: FormConvertible {
    /// A value from the text that was submitted, or nil.
    ///
    /// - Parameter choiceText: one of the field's choices.
    init?(choiceText: String)

    /// The text that is submitted for the value.
    var choiceText: String { get }
}

extension String: ChoiceValue {
    /// The text itself.
    public init?(choiceText: String) { self = choiceText }

    /// The text itself.
    public var choiceText: String { self }
}

extension Int: ChoiceValue {
    /// A number; nil for text that is none.
    public init?(choiceText: String) {
        guard let number = NumberText.integer(choiceText)?.intValue else { return nil }
        self = number
    }

    /// The number in digits.
    public var choiceText: String { String(self) }
}

extension Double: ChoiceValue {
    /// A number; nil for text that is none.
    public init?(choiceText: String) {
        guard let number = NumberText.double(choiceText) else { return nil }
        self = number
    }

    /// The shortest digits that read back as the number.
    public var choiceText: String { PythonText.repr(self) }
}

extension ExactDecimal: ChoiceValue {
    /// A number; nil for text that is none.
    public init?(choiceText: String) {
        guard let number = NumberText.decimal(choiceText) else { return nil }
        self = number
    }

    /// The number in digits.
    public var choiceText: String { description }
}

extension UUID: ChoiceValue {
    /// A UUID; nil for text that is none.
    public init?(choiceText: String) {
        self.init(uuidString: choiceText)
    }

    /// Lower case with hyphens.
    public var choiceText: String { uuidString.asciiLowercased }
}

extension RawRepresentable where Self: ChoiceValue, RawValue: ChoiceValue {
    /// The case with that raw value; nil where there is none.
    @inlinable public init?(choiceText: String) {
        guard let rawValue = RawValue(choiceText: choiceText) else { return nil }
        self.init(rawValue: rawValue)
    }

    /// The raw value as text.
    @inlinable public var choiceText: String { rawValue.choiceText }
}

extension RawRepresentable where Self: ChoiceValue, RawValue: ChoiceValue {
    /// The case with that raw value; nil for any other value.
    @inlinable public init?(formValue: FormValue) {
        guard let rawValue = RawValue(formValue: formValue) else { return nil }
        self.init(rawValue: rawValue)
    }

    /// The raw value.
    @inlinable public var formValue: FormValue { rawValue.formValue }
}
