import NuagesCore
import NuagesHTTP

/// `django.utils.regex_helper.normalize`.
enum RegexFormCases {
    static func value(of call: FunctionCall) throws -> JSONValue? {
        .array(
            try RegexForm.all(of: try call.text(0)).map { form in
                .array([.string(form.format), Canonical.strings(form.parameters)])
            }
        )
    }
}
