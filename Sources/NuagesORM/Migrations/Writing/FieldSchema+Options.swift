extension FieldSchema {
    /// A field with options; those not given have Django's defaults.
    ///
    /// - Parameters:
    ///   - name: the name in Django's spelling.
    ///   - type: the kind.
    ///   - maxLength: the greatest length.
    ///   - maxDigits: the number of decimal digits.
    ///   - decimalPlaces: the number of digits after the point.
    ///   - isNullable: whether the column may be `NULL`.
    ///   - allowsBlank: whether forms accept an empty value.
    ///   - isPrimaryKey: whether it is the primary key.
    ///   - isUnique: whether no two rows may share a value.
    ///   - isIndexed: whether it has an index; nil is the kind's default.
    ///   - databaseColumn: the column where it is not the name's own.
    ///   - defaultValue: the value of new rows.
    ///   - databaseDefault: the value that the database gives to new rows.
    ///   - databaseDefaultExpression: the expression that the database evaluates for new rows.
    ///   - verboseName: the name for people.
    ///   - helpText: a sentence of help below the form field.
    ///   - isEditable: whether forms show it.
    ///   - choices: the values to choose from.
    ///   - isSetOnSave: whether each save sets it to now.
    ///   - isSetOnCreate: whether the first save sets it to now.
    ///   - databaseComment: a comment on the column.
    ///   - databaseCollation: the collation of the column.
    ///   - isAutoCreated: whether the framework added it.
    ///   - isSerialized: whether fixtures hold the value.
    ///   - relation: where a relation leads.
    ///   - generated: what the database computes the value from.
    ///   - compositeFields: the fields of a composite primary key.
    ///   - uniqueForDate: the field whose day a value may occur on only once.
    ///   - uniqueForMonth: the field whose month a value may occur in only once.
    ///   - uniqueForYear: the field whose year a value may occur in only once.
    ///   - errorMessages: the texts of errors by code.
    ///   - validators: the validators besides the kind's own.
    ///   - databaseTablespace: the tablespace of the field's index.
    ///   - customColumnType: the column types of a custom field by vendor.
    ///   - customOptions: further options of the kind by Django's names.
    ///   - baseField: the field that the elements of an array are values of.
    public init(
        _ name: String,
        _ type: FieldType,
        maxLength: Int? = nil,
        maxDigits: Int? = nil,
        decimalPlaces: Int? = nil,
        isNullable: Bool = false,
        allowsBlank: Bool = false,
        isPrimaryKey: Bool = false,
        isUnique: Bool = false,
        isIndexed: Bool? = nil,
        databaseColumn: String? = nil,
        defaultValue: FieldDefault? = nil,
        databaseDefault: SQLValue? = nil,
        databaseDefaultExpression: SchemaExpression? = nil,
        verboseName: String? = nil,
        helpText: String = "",
        isEditable: Bool = true,
        choices: [FieldChoice] = [],
        isSetOnSave: Bool = false,
        isSetOnCreate: Bool = false,
        databaseComment: String? = nil,
        databaseCollation: String? = nil,
        isAutoCreated: Bool = false,
        isSerialized: Bool = true,
        relation: Relation? = nil,
        generated: GeneratedColumn? = nil,
        compositeFields: [String] = [],
        uniqueForDate: String? = nil,
        uniqueForMonth: String? = nil,
        uniqueForYear: String? = nil,
        errorMessages: [String: String] = [:],
        validators: [ValidatorSchema] = [],
        databaseTablespace: String? = nil,
        customColumnType: [String: String] = [:],
        customOptions: [String: SQLValue] = [:],
        baseField: FieldSchema? = nil
    ) {
        self.init(name, type)
        (self.maxLength, self.maxDigits) = (maxLength, maxDigits)
        (self.decimalPlaces, self.isNullable) = (decimalPlaces, isNullable)
        (self.allowsBlank, self.isPrimaryKey) = (allowsBlank, isPrimaryKey)
        (self.isUnique, self.isIndexed) = (isUnique, isIndexed)
        (self.databaseColumn, self.defaultValue) = (databaseColumn, defaultValue)
        self.databaseDefault = databaseDefault
        self.databaseDefaultExpression = databaseDefaultExpression
        (self.verboseName, self.helpText, self.isEditable) = (verboseName, helpText, isEditable)
        (self.choices, self.isSetOnSave) = (choices, isSetOnSave)
        (self.isSetOnCreate, self.databaseComment) = (isSetOnCreate, databaseComment)
        (self.databaseCollation, self.isAutoCreated) = (databaseCollation, isAutoCreated)
        (self.isSerialized, self.relation, self.generated) = (isSerialized, relation, generated)
        (self.compositeFields, self.uniqueForDate) = (compositeFields, uniqueForDate)
        (self.uniqueForMonth, self.uniqueForYear) = (uniqueForMonth, uniqueForYear)
        (self.errorMessages, self.validators) = (errorMessages, validators)
        (self.databaseTablespace, self.customColumnType) = (databaseTablespace, customColumnType)
        (self.customOptions, self.baseField) = (customOptions, baseField)
    }
}

extension Relation {
    /// A relation with options; those not given have Django's defaults.
    ///
    /// - Parameters:
    ///   - target: the label of the model it leads to.
    ///   - onDelete: what happens to the row when the target is deleted.
    ///   - deleteValue: the value that ``DeleteRule/setValue`` sets.
    ///   - relatedName: the name of the way back.
    ///   - relatedQueryName: the name of the way back in lookups.
    ///   - targetField: the field of the target that the column holds.
    ///   - isEnforced: whether the database enforces it.
    ///   - through: the label of the model between.
    ///   - throughFields: the fields of the model between.
    ///   - isSymmetrical: whether a relation with oneself holds in both directions.
    ///   - databaseTable: the table of a many-to-many relation.
    ///   - choicesCondition: the targets that forms offer.
    ///   - isParentLink: whether it leads to the row of the parent model.
    ///   - swappableSetting: the setting that names the target.
    ///   - fromFields: the fields of this model that hold the reference.
    ///   - toFields: the fields of the target that are referred to.
    public init(
        to target: String,
        onDelete: DeleteRule,
        deleteValue: SQLValue? = nil,
        relatedName: String? = nil,
        relatedQueryName: String? = nil,
        targetField: String? = nil,
        isEnforced: Bool = true,
        through: String? = nil,
        throughFields: [String] = [],
        isSymmetrical: Bool? = nil,
        databaseTable: String? = nil,
        choicesCondition: Q? = nil,
        isParentLink: Bool = false,
        swappableSetting: String? = nil,
        fromFields: [String] = [],
        toFields: [String] = []
    ) {
        // The site that runs a migration may name another model than the one that wrote it.
        let named = swappableSetting.flatMap { SwappableModels.label(for: $0) }
        self.init(to: named ?? target, onDelete: onDelete)
        self.deleteValue = deleteValue
        self.relatedName = relatedName
        self.relatedQueryName = relatedQueryName
        self.targetField = targetField
        self.isEnforced = isEnforced
        self.through = through
        self.throughFields = throughFields
        self.isSymmetrical = isSymmetrical
        self.databaseTable = databaseTable
        self.choicesCondition = choicesCondition
        self.isParentLink = isParentLink
        self.swappableSetting = swappableSetting
        self.fromFields = fromFields
        self.toFields = toFields
    }
}
