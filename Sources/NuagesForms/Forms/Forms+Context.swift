public import NuagesCore

extension BoundForm: ContextObject {
    /// A field by its name, or what Django's forms offer, such as `errors` and `as_p`.
    public func contextMember(_ name: String) -> ContextValue? {
        if let field = self[name] { return .object(field) }
        switch name {
        case "errors": return .object(errors)
        case "non_field_errors": return .object(nonFieldErrors)
        case "is_bound": return .bool(isBound)
        case "is_valid": return .bool(isValid)
        case "is_multipart": return .bool(isMultipart)
        case "media": return .object(media)
        case "as_div": return contextValue(.div)
        case "as_p": return contextValue(.p)
        case "as_ul": return contextValue(.ul)
        case "as_table": return contextValue(.table)
        case "visible_fields": return .array(visibleFields.map(ContextValue.object))
        case "hidden_fields": return .array(hiddenFields.map(ContextValue.object))
        case "fields": return .array(form.entries.map { .string($0.name) })
        case "has_changed": return .bool(hasChanged)
        case "changed_data": return .array(changedFields.map(ContextValue.string))
        case "prefix": return form.prefix.map(ContextValue.string) ?? ContextValue.none
        case "error_summary": return .safe(errorSummary)
        case "cleaned_data": return FormValue.object(cleanedData).contextValue
        case "initial": return FormValue.object(initialValues).contextValue
        case "auto_id": return form.autoID.map(ContextValue.string) ?? .bool(false)
        case "label_suffix": return .string(form.labelSuffix)
        case "use_required_attribute": return .bool(form.usesRequiredAttribute)
        case "empty_permitted": return .bool(form.permitsEmpty)
        case "error_css_class": return form.errorCSSClass.map(ContextValue.string)
        case "required_css_class": return form.requiredCSSClass.map(ContextValue.string)
        default: return nil
        }
    }

    /// The form as ``html``.
    public var contextDescription: ContextValue { .safe(html) }

    /// The fields.
    public var contextElements: [ContextValue]? { fields.map(ContextValue.object) }

    /// True even without fields.
    public var contextIsTrue: Bool { true }
}

extension BoundField: ContextObject {
    /// What Django's bound fields offer, such as `errors` and `label_tag`.
    public func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "errors": .object(errors)
        case "label": .string(label)
        case "label_tag": labelValue("label")
        case "legend_tag": labelValue("legend")
        case "help_text": .safe(helpText.html)
        case "name": .string(self.name)
        case "html_name": .string(controlName)
        case "html_initial_name": .string(initialControlName)
        case "html_initial_id": .string(initialID ?? "")
        case "widget_type": .string(widgetType)
        case "form": .object(bound)
        case "id_for_label": .string(idForLabel ?? "")
        case "auto_id": .string(autoID ?? "")
        case "is_hidden": .bool(isHidden)
        case "use_fieldset": .bool(usesFieldset)
        case "aria_describedby": .string(describedBy)
        case "css_classes": .string(cssClasses)
        case "as_widget": controlValue()
        case "as_hidden": controlValue(AnyWidget(opening: field.hiddenWidget))
        case "as_text": controlValue(.text)
        case "as_textarea": controlValue(.textarea)
        case "as_field_group": groupValue
        case "subwidgets": .array(contextElements ?? [])
        case "value": value.contextValue
        case "data": data.contextValue
        case "initial": initial.contextValue
        case "field": .object(FieldMembers(field: field))
        default:
            Int(name).flatMap { index in
                let elements = contextElements ?? []
                return elements.indices.contains(index) ? elements[index] : nil
            }
        }
    }

    /// The control.
    public var contextDescription: ContextValue { .safe(rendered { appendControl(to: &$0) }) }

    /// Each radio button or check box of a group; the control alone otherwise.
    public var contextElements: [ContextValue]? {
        guard let group = widget as? ChoiceInputs else {
            return [contextPending ?? contextDescription]
        }
        let attributes = group.options.attributes.merging(controlAttributes(group))
        return group.subwidgets(name: controlName, value: value, attributes: attributes)
            .map(ContextValue.object)
    }

    /// Always true.
    public var contextIsTrue: Bool { true }

    private func rendered(_ append: (inout [UInt8]) -> Void) -> SafeString {
        var output: [UInt8] = []
        append(&output)
        return output.html
    }
}

/// What a template sees of `form.subject.field`.
private struct FieldMembers: ContextObject {
    let field: any FormField

    func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "required": .bool(field.options.isRequired)
        case "disabled": .bool(field.options.isDisabled)
        case "label": field.options.label.map(ContextValue.string) ?? ContextValue.none
        case "help_text": .safe(field.options.helpText.html)
        default: nil
        }
    }

    var contextDescription: ContextValue { .string("\(type(of: field))") }
}

extension FormValue: ContextConvertible {
    /// The value as a template sees it.
    public var contextValue: ContextValue {
        switch self {
        case .none: .none
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .double(let number): .double(number)
        case .decimal(let number): .exact(number)
        case .string(let text), .unreadable(let text): .string(text)
        case .date(let date): .date(date)
        case .time(let time): .time(time)
        case .dateTime(let dateTime): .localDateTime(dateTime)
        case .duration(let duration): .duration(duration)
        case .uuid(let uuid): .uuid(uuid)
        case .file(let file): .string(file.name)
        case .storedFile(let file): .dictionary(["name": file.name, "url": file.url])
        case .list(let values): .array(values.map(\.contextValue))
        case .object(let members): .dictionary(Self.dictionary(members))
        case .range(let range):
            .dictionary([
                "lower": range.lower?.contextValue ?? ContextValue.none,
                "upper": range.upper?.contextValue ?? ContextValue.none,
                "bounds": range.bounds.rawValue, "isempty": range.isEmpty,
            ])
        }
    }

    private static func dictionary(_ members: [Member]) -> ContextDictionary {
        var dictionary = ContextDictionary()
        for member in members { dictionary[member.name] = member.value.contextValue }
        return dictionary
    }
}
