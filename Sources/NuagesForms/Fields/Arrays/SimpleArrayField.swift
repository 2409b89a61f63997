public import NuagesCore

/// Several values in one line of text, with commas between them.
///
///     SimpleArrayField(IntegerField(), maxLength: 3)      // "1,2,3" is [1, 2, 3]
///
/// A delimiter cannot be escaped, so a value cannot have one in it. Each value is checked by the base
/// field, and its errors name its place: `Item 2 in the array did not validate: Enter a whole
/// number.`
///
/// Django: `django.contrib.postgres.forms.SimpleArrayField`. Nothing of it needs PostgreSQL.
public struct SimpleArrayField<Base: FormField>: FormField {
    /// The type of the cleaned value.
    public typealias Value = [Base.Value]

    /// What every field has.
    public var options = FieldOptions()
    /// The field of each value.
    public var base: Base
    /// What stands between the values.
    public var delimiter: String
    /// The most values; nil sets no limit.
    public var maxLength: Int?
    /// The fewest values; nil sets no limit.
    public var minLength: Int?

    /// Several values in one line of text.
    ///
    /// - Parameters:
    ///   - base: the field of each value.
    ///   - delimiter: what stands between the values.
    ///   - maxLength: the most values; nil sets no limit.
    ///   - minLength: the fewest values; nil sets no limit.
    public init(
        _ base: Base,
        delimiter: String = ",",
        maxLength: Int? = nil,
        minLength: Int? = nil
    ) {
        self.base = base
        self.delimiter = delimiter
        self.maxLength = maxLength
        self.minLength = minLength
    }

    /// The messages of arrays.
    public func defaultMessage(_ code: String) -> ErrorMessage? { ArrayItems.defaultMessage(code) }

    /// An array, or text with delimiters.
    public var jsonShape: JSONShape { .any }

    /// The values, each as the base field reads it.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        var values: [FormValue] = []
        try ArrayItems.forEach(parts(of: raw), of: self) { item throws(ValidationError) in
            values.append(try base.convert(item))
        }
        return .list(values)
    }

    private func parts(of raw: FormValue) -> [FormValue] {
        if let elements = raw.elements { return elements }
        guard raw.isTrue else { return [] }
        return raw.text.split(byBytes: delimiter).map { .string($0) }
    }

    /// Refuses an empty array of a required field, and values that the base field does not allow.
    public func check(_ value: FormValue) throws(ValidationError) {
        if options.isRequired, value.isEmpty { throw error("required") }
        try ArrayItems.forEach(value.elements ?? [], of: self) { item throws(ValidationError) in
            try base.check(item)
        }
    }

    /// How many values there may be.
    public var ownValidators: [FieldValidator] {
        ArrayItems.lengthValidators(min: minLength, max: maxLength)
    }

    /// The cleaned values.
    public func clean(
        _ raw: FormValue,
        initial: FormValue
    ) throws(ValidationError) -> FormValue {
        let value = try convert(raw)
        try check(value)
        try runValidators(value)
        let items = value.elements ?? []
        try ArrayItems.forEach(items, of: self) { item throws(ValidationError) in
            try base.runValidators(item)
        }
        var cleaned: [FormValue] = []
        for item in items { cleaned.append(try base.clean(item)) }
        return .list(cleaned)
    }

    /// The values with the delimiter between them.
    public func prepare(_ value: FormValue) -> FormValue {
        guard let values = value.elements else { return value }
        return .string(values.map { base.prepare($0).text }.joined(separator: delimiter))
    }

    /// Compares the values; an empty array and none are the same.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        hasChangedAsList(initial, converted(data))
    }
}

extension String {
    /// The parts between the places where a text occurs; the whole where it is empty.
    fileprivate func split(byBytes delimiter: String) -> [String] {
        let bytes = Array(utf8)
        let sign = Array(delimiter.utf8)
        guard !sign.isEmpty else { return [self] }
        var parts: [String] = []
        var start = 0
        var index = 0
        while index + sign.count <= bytes.count {
            if bytes[index] == sign[0], bytes[index..<(index + sign.count)].elementsEqual(sign) {
                parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
                index += sign.count
                start = index
            } else {
                index += 1
            }
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        return parts
    }
}
