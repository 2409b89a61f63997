public import NuagesCore

extension BoundForm {
    /// The form in `<div>` elements, the layout that assistive technology reads best.
    public var html: SafeString { asDiv }

    /// The form in `<div>` elements.
    public var asDiv: SafeString { layout(Self.appendDiv) }

    /// The form in `<p>` elements.
    public var asP: SafeString { layout(Self.appendParagraph) }

    /// The form in `<li>` elements, without the list around them.
    public var asUl: SafeString { layout(Self.appendListItem) }

    /// The form in `<tr>` elements, without the table around them.
    public var asTable: SafeString { layout(Self.appendRow) }

    /// What a layout shows: the errors above, the visible fields, and the hidden ones' controls.
    struct Contents {
        var errors: ErrorList
        var fields: [BoundField]
        var hidden: [UInt8]
    }

    /// The errors above the form: its own, and those of hidden fields.
    var topErrors: ErrorList {
        var errors = nonFieldErrors
        for field in hiddenFields {
            errors.items += field.errors.items.map { Self.error($0, ofHidden: field.name) }
        }
        return errors
    }

    private func layout(_ append: (Contents, inout [UInt8]) -> Void) -> SafeString {
        var contents = Contents(errors: nonFieldErrors, fields: [], hidden: [])
        for field in fields {
            guard field.isHidden else {
                contents.fields.append(field)
                continue
            }
            contents.errors.items += field.errors.items.map { Self.error($0, ofHidden: field.name) }
            field.appendControl(to: &contents.hidden)
        }
        var output: [UInt8] = []
        output.reserveCapacity(256 * fields.count)
        append(contents, &output)
        return SafeString(
            unsafe: PythonText.stripped(String(decoding: output, as: UTF8.self))
        )
    }

    private static func error(
        _ item: ValidationError.Item,
        ofHidden name: String
    ) -> ValidationError.Item {
        let text = FormEnvironment.current.text(of: item)
        return .init(
            "(Hidden field %(name)s) %(error)s",
            code: item.code,
            parameters: [ErrorParameter("name", name), ErrorParameter("error", text)]
        )
    }

    // The blanks below are those of Django's templates, so that pages compare equal.

    private static func appendDiv(_ contents: Contents, _ output: inout [UInt8]) {
        contents.errors.append(to: &output)
        output.append("\n")
        appendHiddenAlone(contents, "\n  <div>", "</div>\n", &output)
        output.append("\n")
        for (index, field) in contents.fields.enumerated() {
            output.append("\n  <div")
            field.appendClass(to: &output)
            output.append(">\n    ")
            field.appendGroup(to: &output)
            output.append("\n    ")
            if index == contents.fields.count - 1 { appendHidden(contents, &output) }
            output.append("\n</div>\n")
        }
        output.append("\n")
        appendHiddenOnly(contents, &output)
    }

    private static func appendParagraph(_ contents: Contents, _ output: inout [UInt8]) {
        contents.errors.append(to: &output)
        output.append("\n")
        appendHiddenAlone(contents, "\n  <p>", "</p>\n", &output)
        output.append("\n")
        for (index, field) in contents.fields.enumerated() {
            output.append("\n  ")
            field.errors.append(to: &output)
            output.append("\n  <p")
            field.appendClass(to: &output)
            output.append(">\n    ")
            if !field.label.isEmpty { field.appendLabel(to: &output) }
            output.append("\n    ")
            field.appendControl(to: &output)
            output.append("\n    ")
            field.appendHelp(before: "\n      ", after: "\n    ", to: &output)
            output.append("\n    ")
            if index == contents.fields.count - 1 { appendHidden(contents, &output) }
            output.append("\n  </p>\n")
        }
        output.append("\n")
        appendHiddenOnly(contents, &output)
    }

    private static func appendListItem(_ contents: Contents, _ output: inout [UInt8]) {
        if !contents.errors.isEmpty {
            output.append("\n  <li>\n    ")
            contents.errors.append(to: &output)
            output.append("\n  ")
            if contents.fields.isEmpty {
                output.append("\n    ")
                output.append(contentsOf: contents.hidden)
                output.append("\n  ")
            }
            output.append("\n  </li>\n")
        }
        output.append("\n")
        for (index, field) in contents.fields.enumerated() {
            output.append("\n  <li")
            field.appendClass(to: &output)
            output.append(">\n    ")
            field.errors.append(to: &output)
            output.append("\n    ")
            if !field.label.isEmpty { field.appendLabel(to: &output) }
            output.append("\n    ")
            field.appendControl(to: &output)
            output.append("\n    ")
            field.appendHelp(before: "\n      ", after: "\n    ", to: &output)
            output.append("\n    ")
            if index == contents.fields.count - 1 { appendHidden(contents, &output) }
            output.append("\n  </li>\n")
        }
        output.append("\n")
        appendHiddenOnly(contents, &output)
    }

    private static func appendRow(_ contents: Contents, _ output: inout [UInt8]) {
        if !contents.errors.isEmpty {
            output.append("\n  <tr>\n    <td colspan=\"2\">\n      ")
            contents.errors.append(to: &output)
            output.append("\n      ")
            if contents.fields.isEmpty {
                output.append("\n        ")
                output.append(contentsOf: contents.hidden)
                output.append("\n      ")
            }
            output.append("\n    </td>\n  </tr>\n")
        }
        output.append("\n")
        for (index, field) in contents.fields.enumerated() {
            output.append("\n  <tr")
            field.appendClass(to: &output)
            output.append(">\n    <th>")
            if !field.label.isEmpty { field.appendLabel(to: &output) }
            output.append("</th>\n    <td>\n      ")
            field.errors.append(to: &output)
            output.append("\n      ")
            field.appendControl(to: &output)
            output.append("\n      ")
            field.appendHelp(before: "\n        <br>\n        ", after: "\n      ", to: &output)
            output.append("\n      ")
            if index == contents.fields.count - 1 {
                output.append("\n        ")
                output.append(contentsOf: contents.hidden)
                output.append("\n      ")
            }
            output.append("\n    </td>\n  </tr>\n")
        }
        output.append("\n")
        appendHiddenOnly(contents, &output)
    }

    /// The hidden controls behind the last visible field.
    private static func appendHidden(_ contents: Contents, _ output: inout [UInt8]) {
        output.append("\n      ")
        output.append(contentsOf: contents.hidden)
        output.append("\n    ")
    }

    /// The hidden controls of a form that shows errors and no field.
    private static func appendHiddenAlone(
        _ contents: Contents,
        _ start: StaticString,
        _ end: StaticString,
        _ output: inout [UInt8]
    ) {
        guard !contents.errors.isEmpty, contents.fields.isEmpty else { return }
        output.append(start)
        output.append(contentsOf: contents.hidden)
        output.append(end)
    }

    /// The hidden controls of a form that shows nothing else.
    private static func appendHiddenOnly(_ contents: Contents, _ output: inout [UInt8]) {
        guard contents.errors.isEmpty, contents.fields.isEmpty else { return }
        output.append("\n  ")
        output.append(contentsOf: contents.hidden)
        output.append("\n")
    }
}

extension BoundField {
    /// The label, help, errors and control together, as `{{ field.as_field_group }}` shows them.
    public var group: SafeString {
        var output: [UInt8] = []
        appendGroup(to: &output)
        return SafeString(unsafe: PythonText.stripped(String(decoding: output, as: UTF8.self)))
    }

    func appendGroup(to output: inout [UInt8]) {
        if usesFieldset {
            output.append("<fieldset")
            let ids = describedBy
            if !ids.isEmpty {
                output.append(" aria-describedby=\"")
                HTMLEscaper.append(ids, to: &output)
                output.append(UInt8(ascii: "\""))
            }
            output.append(">\n  ")
            if !label.isEmpty { appendLabel(tag: "legend", to: &output) }
        } else if !label.isEmpty {
            appendLabel(to: &output)
        }
        output.append("\n\n")
        if !helpText.isEmpty { appendHelp(element: "div", to: &output) }
        output.append("\n")
        errors.append(to: &output)
        output.append("\n")
        appendControl(to: &output)
        if usesFieldset { output.append("</fieldset>") }
    }

    fileprivate func appendClass(to output: inout [UInt8]) {
        let classes = cssClasses
        guard !classes.isEmpty else { return }
        output.append(" class=\"")
        HTMLEscaper.append(classes, to: &output)
        output.append(UInt8(ascii: "\""))
    }

    fileprivate func appendHelp(
        before: StaticString,
        after: StaticString,
        to output: inout [UInt8]
    ) {
        guard !helpText.isEmpty else { return }
        output.append(before)
        appendHelp(element: "span", to: &output)
        output.append(after)
    }

    private func appendHelp(element: String, to output: inout [UInt8]) {
        output.append(contentsOf: "<\(element) class=\"helptext\"".utf8)
        if let autoID {
            output.append(" id=\"")
            HTMLEscaper.append(autoID, to: &output)
            output.append("_helptext\"")
        }
        output.append(UInt8(ascii: ">"))
        output.append(contentsOf: helpText.html.html.utf8)
        output.append(contentsOf: "</\(element)>".utf8)
    }
}
