public import NuagesForms
public import NuagesORM

extension FormDefinition.Field {
    /// One row for a property of the type that a choice is cleaned to: a reference, a key, the value
    /// of another field.
    ///
    /// - Parameters:
    ///   - name: the name of the field in Django's spelling.
    ///   - field: the field.
    ///   - path: the property.
    /// - Returns: the field with its property.
    public static func field<Property: FormConvertible>(
        _ name: String,
        _ field: ModelChoiceField,
        _ path: any KeyPath<Value, Property> & Sendable
    ) -> Self {
        Self(name, field, path)
    }

    /// One row for a property that holds the cleaned value as it is.
    ///
    /// - Parameters:
    ///   - name: the name of the field in Django's spelling.
    ///   - field: the field.
    ///   - path: the property.
    /// - Returns: the field with its property.
    public static func field(
        _ name: String,
        _ field: ModelChoiceField,
        _ path: any KeyPath<Value, FormValue> & Sendable
    ) -> Self {
        Self(name, field, path)
    }

    /// One row for a property that holds the cleaned value as it is, or nothing.
    ///
    /// - Parameters:
    ///   - name: the name of the field in Django's spelling.
    ///   - field: the field.
    ///   - path: the property.
    /// - Returns: the field with its property.
    public static func field(
        _ name: String,
        _ field: ModelChoiceField,
        _ path: any KeyPath<Value, FormValue?> & Sendable
    ) -> Self {
        Self(name, field, path)
    }

    /// Some rows for a property of the type that the choices are cleaned to: an array of references,
    /// of keys or of the values of another field.
    ///
    /// - Parameters:
    ///   - name: the name of the field in Django's spelling.
    ///   - field: the field.
    ///   - path: the property.
    /// - Returns: the field with its property.
    public static func field<Property: FormConvertible>(
        _ name: String,
        _ field: ModelMultipleChoiceField,
        _ path: any KeyPath<Value, Property> & Sendable
    ) -> Self {
        Self(name, field, path)
    }

    /// Some rows for a property that holds the cleaned value as it is.
    ///
    /// - Parameters:
    ///   - name: the name of the field in Django's spelling.
    ///   - field: the field.
    ///   - path: the property.
    /// - Returns: the field with its property.
    public static func field(
        _ name: String,
        _ field: ModelMultipleChoiceField,
        _ path: any KeyPath<Value, FormValue> & Sendable
    ) -> Self {
        Self(name, field, path)
    }

    /// Some rows for a property that holds the cleaned value as it is, or nothing.
    ///
    /// - Parameters:
    ///   - name: the name of the field in Django's spelling.
    ///   - field: the field.
    ///   - path: the property.
    /// - Returns: the field with its property.
    public static func field(
        _ name: String,
        _ field: ModelMultipleChoiceField,
        _ path: any KeyPath<Value, FormValue?> & Sendable
    ) -> Self {
        Self(name, field, path)
    }
}

extension FormDefinition {
    private func changing(
        _ path: any PartialKeyPath<Value> & Sendable,
        _ change: (any FormField) -> any FormField
    ) -> Self {
        guard let name = name(of: path), let index = dynamic.index(of: name) else { return self }
        var definition = self
        definition.dynamic.add(name, change(dynamic.entries[index].field))
        return definition
    }

    /// Sets the rows that a field offers, such as those that the visitor may see.
    ///
    ///     let form = AssignForm.form.rows(\.author, Author.objects.filter { $0.team == team })
    ///     switch try await form.bind(request) { … }
    ///
    /// Django: `form.fields["author"].queryset = …`.
    ///
    /// - Parameters:
    ///   - path: the property, whose field is a ``ModelChoiceField`` or a
    ///     ``ModelMultipleChoiceField``.
    ///   - rows: the rows, evaluated for each request.
    /// - Returns: the form.
    public func rows<Property, M: Model>(
        _ path: any KeyPath<Value, Property> & Sendable,
        _ rows: @autoclosure @escaping @Sendable () -> QuerySet<M>
    ) -> Self {
        changing(path) { $0.offering(rows: { DynamicQuery(rows()) }) }
    }

    /// Limits the rows that a field offers further: what its query and its own condition say stays.
    ///
    ///     AssignForm.form.limitChoices(\.author, to: Q("team", team.id.sqlValue))
    ///
    /// - Parameters:
    ///   - path: the property, whose field is a ``ModelChoiceField`` or a
    ///     ``ModelMultipleChoiceField``.
    ///   - condition: a condition on the rows.
    /// - Returns: the form.
    public func limitChoices<Property>(
        _ path: any KeyPath<Value, Property> & Sendable,
        to condition: Q
    ) -> Self {
        changing(path) { $0.limitingChoices(to: condition) }
    }

    /// Sets the labels of the rows that a field offers.
    ///
    ///     AssignForm.form.labels(\.author) { (author: Author) in "\(author.name), \(author.city)" }
    ///
    /// - Parameters:
    ///   - path: the property, whose field is a ``ModelChoiceField`` or a
    ///     ``ModelMultipleChoiceField``.
    ///   - label: the label of a row.
    /// - Returns: the form.
    public func labels<Property, M: Model>(
        _ path: any KeyPath<Value, Property> & Sendable,
        _ label: @escaping @Sendable (M) -> String
    ) -> Self {
        changing(path) { $0.labelling(label) }
    }
}
