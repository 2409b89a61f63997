public import NuagesCore

extension BoundForm {
    /// All errors above the form, for whoever does not see them beside the controls; empty without
    /// errors.
    ///
    ///     {{ form.error_summary }}
    ///
    /// It is announced (`role="alert"`), takes the focus when the page is shown (`autofocus`, which
    /// needs no script), and links to each control with errors.
    ///
    ///     <div class="errorsummary" role="alert" tabindex="-1" autofocus aria-labelledby="…">
    ///       <p id="…"><strong>Please correct the error below.</strong></p>
    ///       <ul><li><a href="#id_email">Email: Enter a valid email address.</a></li></ul>
    ///     </div>
    public var errorSummary: SafeString {
        var output: [UInt8] = []
        ErrorSummary([self]).append(to: &output)
        return output.html
    }
}

extension BoundFormSet {
    /// All errors above the forms, as ``BoundForm/errorSummary``.
    public var errorSummary: SafeString {
        var output: [UInt8] = []
        let shown = forms.indices.filter { !isMarkedForDeletion($0) }.map { forms[$0] }
        ErrorSummary(shown, nonFormErrors, prefix: prefix).append(to: &output)
        return output.html
    }
}

private struct ErrorSummary {
    private var lines: [(target: String?, text: String)] = []
    private let id: String

    init(_ forms: [BoundForm], _ others: ErrorList? = nil, prefix: String? = nil) {
        let name = [prefix ?? forms.first?.form.prefix, "error_summary"].compactMap { $0 }
        id = name.filter { !$0.isEmpty }.joined(separator: "-")
        lines += (others?.messages ?? []).map { (nil, $0) }
        for form in forms {
            for (name, list) in form.errors.entries {
                guard let field = form[name] else {
                    lines += list.messages.map { (nil, $0) }
                    continue
                }
                let target = field.isHidden ? nil : field.firstControlID
                lines += list.messages.map { (target, "\(field.label): \($0)") }
            }
        }
    }

    func append(to output: inout [UInt8]) {
        guard !lines.isEmpty else { return }
        let title = FormEnvironment.current.localization.translated(
            "Please correct the error below.",
            plural: "Please correct the errors below.",
            lines.count
        )
        output.append(
            "<div class=\"errorsummary\" role=\"alert\" tabindex=\"-1\" autofocus aria-labelledby=\""
        )
        HTMLEscaper.append(id, to: &output)
        output.append("\">\n  <p id=\"")
        HTMLEscaper.append(id, to: &output)
        output.append("\"><strong>")
        HTMLEscaper.append(title, to: &output)
        output.append("</strong></p>\n  <ul>")
        for line in lines {
            output.append("<li>")
            if let target = line.target {
                output.append("<a href=\"#")
                HTMLEscaper.append(target, to: &output)
                output.append("\">")
            }
            HTMLEscaper.append(line.text, to: &output)
            output.append(line.target == nil ? "</li>" : "</a></li>")
        }
        output.append("</ul>\n</div>")
    }
}
