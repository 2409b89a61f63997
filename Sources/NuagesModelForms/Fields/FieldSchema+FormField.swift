import NuagesCore
import NuagesForms
import NuagesORM

/// Makes the form's field of a model's field.
///
/// Source: Django's `Field.formfield`, with what each kind of field adds.
struct FormFieldMaker {
    let outline: ModelOutline
    let schema: FieldSchema

    init(_ outline: ModelOutline, _ schema: FieldSchema) {
        self.outline = outline
        self.schema = schema
    }

    /// The field; nil where forms have none for the kind, such as for a number that the database
    /// counts up.
    func field() -> (any FormField)? {
        guard schema.generated == nil, !schema.isCountedUp,
            schema.relation?.isParentLink != true,
            var field = schema.choices.isEmpty ? kindField : choiceField
        else { return nil }
        field.options.label = schema.nameForPeople.withCapital
        field.options.helpText = HelpText(SafeString(unsafe: schema.helpText))
        // A check box that is not checked is a value.
        let isTruth = schema.type == .booleanField && schema.choices.isEmpty
        field.options.isRequired = !isTruth && !schema.allowsBlank
        setInitial(&field.options)
        if schema.type.isUpload { field.options.validators.append(nameRule(of: field)) }
        return field
    }

    /// What a visitor calls a file must leave a name that the storage can keep it by.
    private func nameRule(of field: any FormField) -> FieldValidator {
        let (schema, isPlaced) = (schema, outline.placesUploads)
        return FieldValidator { (value: FormValue) throws(ValidationError) in
            guard case .file(let file) = value else { return }
            do {
                try schema.checkFileName(file.name, isPlaced: isPlaced)
            } catch {
                throw field.error("invalid_name")
            }
        }
    }

    private func setInitial(_ options: inout FieldOptions) {
        switch schema.defaultValue {
        case .value(let value)?:
            let initial = FormValue(value, of: schema)
            options.initial = { initial }
        case .function?:
            let (outline, schema) = (outline, schema)
            options.initial = {
                let row = try? outline.newRow()
                return FormValue(row?[schema.attributeName] ?? .null, of: schema)
            }
            // The value of another moment must not count as a change.
            options.showsHiddenInitial = true
        case nil: break
        }
    }

    private var choiceField: (any FormField)? {
        ColumnChoiceField(schema, hasBlank: schema.allowsBlank || schema.defaultValue == nil)
    }

    /// Text that is left empty is NULL where the column may hold it.
    private var emptyText: FormValue { schema.isNullable ? .none : "" }

    private var kindField: (any FormField)? {
        switch schema.type {
        case .foreignKey, .oneToOneField: relatedField
        case .manyToManyField: relatedSetField
        case .booleanField: schema.isNullable ? NullBooleanField() : BooleanField()
        case .integerField, .smallIntegerField: IntegerField()
        case .bigIntegerField:
            IntegerField(maxValue: .int(Int.max), minValue: .int(Int.min))
        case .positiveIntegerField, .positiveSmallIntegerField, .positiveBigIntegerField:
            IntegerField(minValue: 0)
        case .floatField: FloatField()
        case .decimalField:
            DecimalField(maxDigits: schema.maxDigits, decimalPlaces: schema.decimalPlaces)
        case .dateField: DateField()
        case .timeField: TimeField()
        case .dateTimeField: DateTimeField()
        case .durationField: DurationField()
        case .uuidField: UUIDField()
        case .jsonField: JSONField()
        case .fileField: FileField(maxLength: schema.maxLength)
        case .imageField: ImageField(maxLength: schema.maxLength)
        case .filePathField: pathField
        case .arrayField: arrayField
        case .binaryField, .compositePrimaryKey, .foreignObject, .generatedField, .orderWrt: nil
        default: ownField ?? textField
        }
    }

    /// The elements in one line, as the field of each of them reads it; none where forms have no
    /// field for the elements.
    private var arrayField: (any FormField)? {
        guard let base = schema.baseField,
            let field = FormFieldMaker(outline, base).field()
        else { return nil }
        var size: Int?
        if case .int(let limit)? = schema.customOptions["size"] { size = limit }
        func array(_ base: some FormField) -> any FormField {
            SimpleArrayField(base, maxLength: size)
        }
        return array(field)
    }

    /// The fields of PostgreSQL's own kinds, whose names its driver declares.
    private var ownField: (any FormField)? {
        switch schema.type.rawValue {
        case "HStoreField": HStoreField()
        case "IntegerRangeField":
            IntegerRangeField(
                IntegerField(maxValue: .int(Int(Int32.max)), minValue: .int(Int(Int32.min)))
            )
        case "BigIntegerRangeField":
            IntegerRangeField(IntegerField(maxValue: .int(Int.max), minValue: .int(Int.min)))
        case "DecimalRangeField": DecimalRangeField(defaultBounds: defaultBounds)
        case "DateRangeField": DateRangeField()
        case "DateTimeRangeField": DateTimeRangeField(defaultBounds: defaultBounds)
        default: nil
        }
    }

    private var defaultBounds: FormRangeBounds {
        guard case .text(let bounds)? = schema.customOptions["default_bounds"] else {
            return .lowerOnly
        }
        return FormRangeBounds(rawValue: bounds) ?? .lowerOnly
    }

    private var textField: (any FormField)? {
        switch schema.type {
        case .textField:
            CharField(maxLength: schema.maxLength, emptyValue: emptyText)
                .widget(.textarea)
        case .emailField: EmailField(maxLength: schema.maxLength, emptyValue: emptyText)
        case .urlField: URLField(maxLength: schema.maxLength, emptyValue: emptyText)
        case .slugField:
            SlugField(
                allowUnicode: schema.customOptions["allow_unicode"] == .bool(true),
                maxLength: schema.maxLength,
                emptyValue: emptyText
            )
        case .genericIPAddressField:
            GenericIPAddressField(
                addressVersion,
                unpackIPv4: schema.customOptions["unpack_ipv4"] == .bool(true)
            )
        default: CharField(maxLength: schema.maxLength, emptyValue: emptyText)
        }
    }

    /// One of the files of the field's folder; text where it names none.
    private var pathField: (any FormField)? {
        guard case .text(let path)? = schema.customOptions["path"] else { return textField }
        var match: String?
        if case .text(let pattern)? = schema.customOptions["match"] { match = pattern }
        return FilePathField(
            path: path,
            match: match,
            recursive: schema.customOptions["recursive"] == .bool(true),
            allowFiles: schema.customOptions["allow_files"] != .bool(false),
            allowFolders: schema.customOptions["allow_folders"] == .bool(true)
        )
    }

    private var addressVersion: IPAddressValidator.Version {
        guard case .text(let name)? = schema.customOptions["protocol"] else { return .both }
        switch name.lowercased() {
        case "ipv4": return .v4
        case "ipv6": return .v6
        default: return .both
        }
    }

    private var relatedField: (any FormField)? {
        guard let target = outline.target(of: schema.name) else { return nil }
        var field = ModelChoiceField(
            of: target,
            rows: target.query,
            toFieldName: outline.targetField(of: schema.name)
        )
        field.limitChoicesTo = schema.relation?.choicesCondition
        // A list that must be filled in and is has no empty choice.
        if !schema.allowsBlank, schema.defaultValue != nil { field.emptyLabel = nil }
        return field
    }

    private var relatedSetField: (any FormField)? {
        guard let target = outline.target(of: schema.name) else { return nil }
        var field = ModelMultipleChoiceField(of: target, rows: target.query)
        field.limitChoicesTo = schema.relation?.choicesCondition
        return field
    }
}
