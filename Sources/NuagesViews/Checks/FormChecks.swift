import NuagesCore
import NuagesHTTP
import NuagesModelForms

/// Looks for fields that model forms list and cannot have, so that no request is the first to find
/// out.
struct FormChecks {
    let apps: [any App]
    let router: Router

    var messages: [CheckMessage] {
        let forms = apps.compactMap { $0 as? any FormApp }.flatMap(\.forms)
        var seen: Set<CheckMessage> = []
        return (forms.flatMap { $0.checks() } + router.summaries.flatMap(Self.messages)).filter {
            seen.insert($0).inserted
        }
    }

    private static func messages(of route: RouteSummary) -> [CheckMessage] {
        if let view = route.viewValue as? any ModelFormMixin { return view.formChecks }
        // A view that is made for each request may list fields that only its values tell.
        return (route.viewType as? any ModelFormMixin.Type)?.formChecks ?? []
    }
}

extension ModelFormMixin {
    /// What is wrong with the fields of the view.
    fileprivate var formChecks: [CheckMessage] {
        let isOwn = FormClass.self == PlainModelForm<Object>.self
        return FormClass.checks(fields, of: isOwn ? "\(Self.self)" : nil)
    }

    /// What is wrong with the form that the view names.
    fileprivate static var formChecks: [CheckMessage] {
        (FormClass.self as? any ModelForm.Type)?.checks() ?? []
    }
}
