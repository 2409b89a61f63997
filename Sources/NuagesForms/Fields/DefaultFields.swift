public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A type that names the field of a property without one of its own in a `@Form`.
public protocol FormFieldProviding: FormConvertible {
    /// The field's type.
    associatedtype DefaultField: FormField

    /// The field of a property of this type.
    static var formField: DefaultField { get }
}

extension String: FormFieldProviding {
    /// Text of at most 1,000 code points; `@CharField` sets another limit or none.
    public static var formField: CharField { CharField(maxLength: 1000) }
}

extension Bool: FormFieldProviding {
    /// A check box that may stay empty.
    public static var formField: BooleanField { BooleanField().required(false) }
}

extension Int: FormFieldProviding {
    /// A whole number.
    public static var formField: IntegerField { IntegerField() }
}

extension Double: FormFieldProviding {
    /// A floating-point number.
    public static var formField: FloatField { FloatField() }
}

extension Decimal: FormFieldProviding {
    /// An exact decimal number.
    public static var formField: DecimalField { DecimalField() }
}

extension CalendarDate: FormFieldProviding {
    /// A day.
    public static var formField: DateField { DateField() }
}

extension TimeOfDay: FormFieldProviding {
    /// A time on the clock.
    public static var formField: TimeField { TimeField() }
}

extension Date: FormFieldProviding {
    /// A moment.
    public static var formField: DateTimeField { DateTimeField() }
}

extension Duration: FormFieldProviding {
    /// A length of time.
    public static var formField: DurationField { DurationField() }
}

extension UUID: FormFieldProviding {
    /// A UUID.
    public static var formField: UUIDField { UUIDField() }
}

extension EmailAddress: FormFieldProviding {
    /// An email address.
    public static var formField: EmailField { EmailField().autocomplete(.email) }
}

extension UploadedFile: FormFieldProviding {
    /// A file.
    public static var formField: FileField { FileField() }
}

extension ChoiceValue where Self: CaseIterable {
    /// A list of all cases.
    public static var formField: ChoiceField<Self> { ChoiceField() }
}

extension Array where Element: ChoiceValue & CaseIterable {
    /// A list of all cases, from which several can be chosen.
    public static var formField: MultipleChoiceField<Element> { MultipleChoiceField() }
}
