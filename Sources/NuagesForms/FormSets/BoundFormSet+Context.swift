public import NuagesCore

extension BoundFormSet {
    /// The forms in `<div>` elements, with the management form.
    public var html: SafeString { asDiv }
    /// The forms in `<div>` elements, with the management form.
    public var asDiv: SafeString { layout(\.asDiv) }
    /// The forms in `<p>` elements, with the management form.
    public var asP: SafeString { layout(\.asP) }
    /// The forms in `<li>` elements, with the management form.
    public var asUl: SafeString { layout(\.asUl) }
    /// The forms in `<tr>` elements, with the management form.
    public var asTable: SafeString { layout(\.asTable) }

    private func layout(_ form: KeyPath<BoundForm, SafeString>) -> SafeString {
        var output = Array(managementForm.asDiv.html.utf8)
        for bound in forms { output.append(contentsOf: bound[keyPath: form].html.utf8) }
        return SafeString(unsafe: PythonText.stripped(String(decoding: output, as: UTF8.self)))
    }

    /// All errors as JSON: those of the set and those of each form.
    public var errorsJSON: JSONValue {
        .object([
            .init("non_form_errors", nonFormErrors.jsonValue),
            .init("forms", .array(errors.map(\.jsonValue))),
        ])
    }
}

extension BoundFormSet: ContextObject {
    /// A form by its number, or what Django's form sets offer, such as `management_form`.
    public func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "management_form": return .object(managementForm)
        case "forms": return contextElements.map(ContextValue.array)
        case "initial_forms": return .array(initialForms.map(ContextValue.object))
        case "extra_forms": return .array(extraForms.map(ContextValue.object))
        case "empty_form": return .object(emptyForm)
        case "deleted_forms": return .array(deletedForms.map(ContextValue.object))
        case "ordered_forms": return .array(orderedForms.map(ContextValue.object))
        case "non_form_errors": return .object(nonFormErrors)
        case "errors": return .array(errors.map(ContextValue.object))
        case "error_summary": return .safe(errorSummary)
        case "total_error_count": return .int(totalErrorCount)
        case "total_form_count": return .int(totalFormCount)
        case "initial_form_count": return .int(initialFormCount)
        case "is_bound": return .bool(isBound)
        case "is_valid": return .bool(isValid)
        case "is_multipart": return .bool(isMultipart)
        case "has_changed": return .bool(hasChanged)
        case "media": return .object(media)
        case "prefix": return .string(prefix)
        case "as_div": return contextValue(.div)
        case "as_p": return contextValue(.p)
        case "as_ul": return contextValue(.ul)
        case "as_table": return contextValue(.table)
        default: return options(name) ?? Int(name).flatMap(form).map(ContextValue.object)
        }
    }

    private func options(_ name: String) -> ContextValue? {
        let options = formSet.options
        switch name {
        case "extra": return .int(options.extra)
        case "min_num": return .int(options.minCount)
        case "max_num": return .int(options.maxCount)
        case "absolute_max": return .int(options.formLimit)
        case "can_order": return .bool(options.canOrder)
        case "can_delete": return .bool(options.canDelete)
        case "can_delete_extra": return .bool(options.canDeleteExtra)
        default: return nil
        }
    }

    /// The set as ``html``.
    public var contextDescription: ContextValue { .safe(html) }

    /// The forms.
    public var contextElements: [ContextValue]? { forms.map(ContextValue.object) }

    /// True even without forms: the management form is always there.
    public var contextIsTrue: Bool { true }
}
