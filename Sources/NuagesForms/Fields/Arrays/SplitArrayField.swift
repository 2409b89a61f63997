public import NuagesCore

/// Several values, each in a control of its own.
///
///     SplitArrayField(IntegerField().required(false), size: 3, removeTrailingNulls: true)
///
/// The controls are called `marks_0`, `marks_1` and so on. Where values may stay empty, the property
/// is an array of optional values unless `removeTrailingNulls` leaves none.
///
/// Django: `django.contrib.postgres.forms.SplitArrayField`. Nothing of it needs PostgreSQL.
public struct SplitArrayField<Base: FormField>: FormField {
    /// The type of the cleaned value.
    public typealias Value = [Base.Value]

    /// What every field has.
    public var options = FieldOptions()
    /// The field of each value.
    public var base: Base
    /// How many controls there are.
    public var size: Int
    /// Whether empty values at the end are dropped.
    public var removesTrailingNulls: Bool

    /// Several values, each in a control of its own.
    ///
    /// - Parameters:
    ///   - base: the field of each value.
    ///   - size: how many controls there are.
    ///   - removeTrailingNulls: whether empty values at the end are dropped.
    public init(_ base: Base, size: Int, removeTrailingNulls: Bool = false) {
        self.base = base
        self.size = max(0, size)
        removesTrailingNulls = removeTrailingNulls
    }

    /// The messages of arrays.
    public func defaultMessage(_ code: String) -> ErrorMessage? { ArrayItems.defaultMessage(code) }

    /// A control of the base field for each value.
    public var defaultWidget: any Widget { SplitArrayWidget(base.resolvedWidget(), size: size) }

    /// A hidden control for each value.
    public var hiddenWidget: any Widget { SplitArrayWidget(base.hiddenWidget, size: size) }

    /// An array with a value for each control.
    public var jsonShape: JSONShape { .list }

    /// None where single values may stay empty: a browser would demand all of them.
    public var requiredParts: [Bool]? { base.options.isRequired ? nil : [] }

    /// The values, each as the base field reads it.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        var values: [FormValue] = []
        for item in raw.elements ?? [] { values.append(try base.convert(item)) }
        return .list(values)
    }

    /// The cleaned values.
    public func clean(
        _ raw: FormValue,
        initial: FormValue
    ) throws(ValidationError) -> FormValue {
        let items = raw.elements ?? []
        // No page sends more; a JSON array may.
        for rule in ArrayItems.lengthValidators(min: nil, max: size) {
            try rule.validate(.list(items))
        }
        if options.isRequired, !items.contains(where: \.isTrue) { throw error("required") }
        var cleaned: [FormValue] = []
        var errors: [[ValidationError.Item]] = []
        for index in 0..<max(size, items.count) {
            let item = index < items.count ? items[index] : .none
            do throws(ValidationError) {
                cleaned.append(try base.clean(item))
                errors.append([])
            } catch {
                cleaned.append(item)
                errors.append(ArrayItems.prefixed(error, at: index, of: self))
            }
        }
        cleaned = withoutTrailingNulls(cleaned)
        // What is wrong with a value that is dropped does not count.
        let left = errors.prefix(cleaned.count).joined()
        if !left.isEmpty { throw ValidationError(Array(left.prefix(ArrayItems.maxErrorCount))) }
        let value = FormValue.list(cleaned)
        try runValidators(value)
        return value
    }

    private func withoutTrailingNulls(_ values: [FormValue]) -> [FormValue] {
        guard removesTrailingNulls else { return values }
        let count = values.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0
        return Array(values.prefix(count))
    }

    /// Compares the values; an empty array and none are the same.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        let converted = converted(data).map { value in
            FormValue.list(withoutTrailingNulls(value.elements ?? []))
        }
        return hasChangedAsList(initial, converted)
    }
}

extension FormDefinition.Field {
    /// Several values for a property whose elements may be nil.
    ///
    /// - Parameters:
    ///   - name: the name of the field in Django's spelling.
    ///   - field: the field.
    ///   - path: the property.
    /// - Returns: the field with its property.
    public static func field<Base: FormField>(
        _ name: String,
        _ field: SplitArrayField<Base>,
        _ path: any KeyPath<Value, [Base.Value?]> & Sendable
    ) -> Self {
        Self(name, field, path)
    }
}
