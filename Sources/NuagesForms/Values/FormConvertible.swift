public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A type that a property of a form can have: it is made from what a field has cleaned.
public protocol FormConvertible: Sendable {
    /// A value from what a field has cleaned, or nil where it is of another kind.
    ///
    /// - Parameter formValue: the cleaned value.
    init?(formValue: FormValue)

    /// The value as a field shows it.
    var formValue: FormValue { get }

    /// Whether an optional property of this type becomes nil.
    ///
    /// - Parameter formValue: the cleaned value.
    /// - Returns: true where there is no value.
    static func isAbsent(_ formValue: FormValue) -> Bool
}

extension FormConvertible {
    /// True for what was not filled in.
    public static func isAbsent(_ formValue: FormValue) -> Bool { formValue.isEmpty }
}

extension String: FormConvertible {
    /// Text; nil for any other kind of value.
    public init?(formValue: FormValue) {
        guard case .string(let text) = formValue else { return nil }
        self = text
    }

    /// Text.
    public var formValue: FormValue { .string(self) }
}

extension Bool: FormConvertible {
    /// A truth value; nil for any other kind of value.
    public init?(formValue: FormValue) {
        guard case .bool(let flag) = formValue else { return nil }
        self = flag
    }

    /// A truth value.
    public var formValue: FormValue { .bool(self) }
}

extension Int: FormConvertible {
    /// A whole number; nil for any other kind of value and for numbers beyond 64 bits.
    public init?(formValue: FormValue) {
        guard case .int(let number) = formValue else { return nil }
        self = number
    }

    /// A whole number.
    public var formValue: FormValue { .int(self) }
}

extension Double: FormConvertible {
    /// A number; nil for any other kind of value.
    public init?(formValue: FormValue) {
        guard let number = formValue.number?.double else { return nil }
        self = number
    }

    /// A floating-point number.
    public var formValue: FormValue { .double(self) }
}

extension ExactDecimal: FormConvertible {
    /// An exact number; nil for any other kind of value.
    public init?(formValue: FormValue) {
        guard case .decimal(let number) = formValue else { return nil }
        self = number
    }

    /// An exact decimal number.
    public var formValue: FormValue { .decimal(self) }
}

extension Decimal: FormConvertible {
    /// An exact number; nil for any other kind of value and for more than 38 digits.
    public init?(formValue: FormValue) {
        guard case .decimal(let number) = formValue, number.isFinite else { return nil }
        guard number.digits.count <= 38, (-127...127).contains(number.exponent) else { return nil }
        if number.digits.count <= 18, (-60...60).contains(number.exponent) {
            let magnitude = number.digits.reduce(0 as UInt64) { $0 * 10 + UInt64($1) }
            self.init(
                sign: number.isNegative && magnitude > 0 ? .minus : .plus,
                exponent: number.exponent,
                significand: Decimal(magnitude)
            )
            return
        }
        guard let value = Decimal(string: number.scientificText(marker: "e")) else { return nil }
        self = value
    }

    /// An exact decimal number.
    public var formValue: FormValue { .decimal(ExactDecimal(self)) }
}

extension CalendarDate: FormConvertible {
    /// A day; nil for any other kind of value.
    public init?(formValue: FormValue) {
        guard case .date(let date) = formValue else { return nil }
        self = date
    }

    /// A day.
    public var formValue: FormValue { .date(self) }
}

extension TimeOfDay: FormConvertible {
    /// A time on the clock; nil for any other kind of value.
    public init?(formValue: FormValue) {
        guard case .time(let time) = formValue else { return nil }
        self = time
    }

    /// A time on the clock.
    public var formValue: FormValue { .time(self) }
}

extension LocalDateTime: FormConvertible {
    /// A date and time; nil for any other kind of value.
    public init?(formValue: FormValue) {
        guard case .dateTime(let dateTime) = formValue else { return nil }
        self = dateTime
    }

    /// A date and time.
    public var formValue: FormValue { .dateTime(self) }
}

extension Date: FormConvertible {
    /// A moment; nil for any other kind of value than a date and time.
    public init?(formValue: FormValue) {
        guard case .dateTime(let dateTime) = formValue else { return nil }
        self = dateTime.moment(assuming: FormEnvironment.current.localization.timeZone)
    }

    /// The date and time in UTC; fields show it in the current zone.
    public var formValue: FormValue {
        LocalDateTime(self, in: .utc).map(FormValue.dateTime) ?? .none
    }
}

extension Duration: FormConvertible {
    /// A length of time; nil for any other kind of value.
    public init?(formValue: FormValue) {
        guard case .duration(let duration) = formValue else { return nil }
        self = duration
    }

    /// A length of time.
    public var formValue: FormValue { .duration(self) }
}

extension UUID: FormConvertible {
    /// A UUID; nil for any other kind of value.
    public init?(formValue: FormValue) {
        guard case .uuid(let uuid) = formValue else { return nil }
        self = uuid
    }

    /// A UUID.
    public var formValue: FormValue { .uuid(self) }
}

extension EmailAddress: FormConvertible {
    /// An address; nil for text that is none and any other kind of value.
    public init?(formValue: FormValue) {
        guard case .string(let text) = formValue else { return nil }
        self.init(text)
    }

    /// The address.
    public var formValue: FormValue { .string(text) }
}

extension UploadedFile: FormConvertible {
    /// A file; nil for any other kind of value.
    public init?(formValue: FormValue) {
        guard case .file(let file) = formValue else { return nil }
        self = file
    }

    /// A file.
    public var formValue: FormValue { .file(self) }

    /// True unless a file was sent: nil also stands for a stored file that is kept or removed.
    public static func isAbsent(_ formValue: FormValue) -> Bool {
        if case .file = formValue { false } else { true }
    }
}

extension FormValue: FormConvertible {
    /// The value itself.
    public init?(formValue: FormValue) { self = formValue }

    /// The value itself.
    public var formValue: FormValue { self }
}

extension Optional: FormConvertible where Wrapped: FormConvertible {
    /// The wrapped value; nil inside where the field was left empty.
    public init?(formValue: FormValue) {
        if Wrapped.isAbsent(formValue) {
            self = Wrapped?.none
        } else if let wrapped = Wrapped(formValue: formValue) {
            self = .some(wrapped)
        } else {
            return nil
        }
    }

    /// The wrapped value, or none.
    public var formValue: FormValue { self?.formValue ?? .none }
}

extension Array: FormConvertible where Element: FormConvertible {
    /// The elements; nil where one of them is of another kind.
    public init?(formValue: FormValue) {
        guard let values = formValue.elements else { return nil }
        self = []
        reserveCapacity(values.count)
        for value in values {
            guard let element = Element(formValue: value) else { return nil }
            append(element)
        }
    }

    /// The elements in order.
    public var formValue: FormValue { .list(map(\.formValue)) }
}
