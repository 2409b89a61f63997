import NuagesCore
import NuagesForms
import NuagesORM

/// What may occur only once among the forms of a set, as the model says of its rows.
///
/// Source: Django's `BaseModelFormSet.validate_unique`.
struct UniqueChecks {
    /// A part of a day that a value may occur on only once.
    struct DateCheck: Hashable {
        let period: String
        let name: String
        let date: String
    }

    let groups: [[String]]
    let dates: [DateCheck]

    /// The rules of a model.
    init(_ outline: ModelOutline) {
        var groups: [[String]] = []
        for schema in outline.schemas {
            groups += schema.uniqueTogether
            groups += schema.constraints
                .filter { $0.kind == .unique && $0.condition == nil && $0.expressions.isEmpty }
                .map(\.fields)
        }
        var dates: [DateCheck] = []
        for field in outline.fields where field.type != .manyToManyField {
            if field.isUniqueColumn { groups.append([field.name]) }
            if let date = field.uniqueForDate {
                dates.append(DateCheck(period: "date", name: field.name, date: date))
            }
            if let date = field.uniqueForYear {
                dates.append(DateCheck(period: "year", name: field.name, date: date))
            }
            if let date = field.uniqueForMonth {
                dates.append(DateCheck(period: "month", name: field.name, date: date))
            }
        }
        self.groups = groups
        self.dates = dates
    }

    /// The values of a group in a form, but for the field that has the same value in all forms; nil
    /// where one is missing or none.
    func values(_ group: [String], of form: BoundModelForm, shared: String?) -> [ByteName]? {
        var values: [ByteName] = []
        for name in group {
            if name == shared { continue }
            guard let value = form.cleaned(name) else { return nil }
            if case .none = value { return nil }
            values.append(ByteName(value.text))
        }
        return values.isEmpty ? nil : values
    }

    /// The value of a form with the part of the day.
    func values(_ check: DateCheck, of form: BoundModelForm) -> [ByteName]? {
        guard let value = form.cleaned(check.name), let moment = form.cleaned(check.date) else {
            return nil
        }
        if case .none = value { return nil }
        let day: CalendarDate
        switch moment {
        case .date(let date): day = date
        case .dateTime(let local): day = local.date
        default: return nil
        }
        let parts: [Int] =
            switch check.period {
            case "date": [day.year, day.month, day.day]
            case "year": [day.year]
            default: [day.month]
            }
        return [ByteName(value.text)] + parts.map { ByteName(String($0)) }
    }

    /// The error of a group that occurs twice.
    static func error(_ group: [String], shared: String?) -> ValidationError {
        let names = group.filter { $0 != shared }
        if names.count == 1 {
            return ValidationError(
                "Please correct the duplicate data for %(field)s.",
                parameters: [ErrorParameter("field", names[0])]
            )
        }
        let list = "\(names.dropLast().joined(separator: ", ")) and \(names.last ?? "")"
        return ValidationError(
            "Please correct the duplicate data for %(field)s, which must be unique.",
            parameters: [ErrorParameter("field", list)]
        )
    }

    /// The error of a value that occurs twice on a day, in a month or a year.
    static func error(_ check: DateCheck) -> ValidationError {
        ValidationError(
            """
            Please correct the duplicate data for %(field_name)s which must be unique for the \
            %(lookup)s in %(date_field)s.
            """,
            parameters: [
                ErrorParameter("field_name", check.name),
                ErrorParameter("date_field", check.date),
                ErrorParameter("lookup", check.period),
            ]
        )
    }

    /// The error of a form that repeats another.
    static let formError = ValidationError("Please correct the duplicate values below.")
}
