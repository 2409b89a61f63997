public import NuagesCore

/// A date chosen from three lists, in the order of the page's language.
public struct SelectDateWidget: Widget {
    /// The years on offer.
    public var years: [String]
    /// The months on offer; nil offers all twelve by their names.
    public var months: [FormChoice]?
    /// What the empty choices of year, month and day are called.
    public var emptyLabels = (year: "---", month: "---", day: "---")
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions

    /// Three lists for the years around now.
    ///
    /// - Parameters:
    ///   - years: the years on offer.
    ///   - attributes: the attributes of each list.
    public init(years: [Int] = [], attributes: HTMLAttributes = [:]) {
        self.years = years.map(String.init)
        options = WidgetOptions(attributes: attributes)
    }

    /// A group.
    public var usesFieldset: Bool { true }

    /// The first of the lists.
    public func idForLabel(_ id: String) -> String? { "\(id)_\(Self.order().first ?? .month)" }

    /// The date as text in the page's format; what is no date as `year-month-day` with zeros.
    public func value(from input: FormInput, name: String) -> FormValue {
        let parts = Part.allCases.map { input.value("\(name)_\($0)") }
        if parts.allSatisfy({ if case .string(let text) = $0 { text.isEmpty } else { false } }) {
            return .none
        }
        for part in parts { if case .none = part { return input.value(name) } }
        let numbers = parts.map { NumberText.integer($0.text)?.intValue }
        if parts.contains(where: { NumberText.integer($0.text) != nil })
            && zip(parts, numbers).contains(where: { part, number in
                number == nil && NumberText.integer(part.text) != nil
            })
        {
            return "0-0-0"
        }
        if let year = numbers[0], let month = numbers[1], let day = numbers[2],
            let date = CalendarDate(year: year, month: month, day: day),
            let midnight = TimeOfDay(hour: 0, minute: 0),
            let format = FormEnvironment.current.dateInputFormats.first
        {
            return .string(format.text(of: LocalDateTime(date: date, time: midnight)))
        }
        return .string(parts.map { $0.isTrue ? $0.text : "0" }.joined(separator: "-"))
    }

    /// Whether none of the lists was submitted.
    public func isOmitted(from input: FormInput, name: String) -> Bool {
        !Part.allCases.contains { input.contains("\(name)_\($0)") }
    }

    /// Year, month and day by their names; none for what is not chosen.
    public func formatted(_ value: FormValue) -> FormValue {
        let parts = Self.parts(of: value)
        return .object(
            Part.allCases.map { part in
                let text = parts[part]
                let number = text.flatMap { Int($0) }.map(FormValue.int)
                return .init(part.rawValue, number ?? text.map(FormValue.string) ?? .none)
            }
        )
    }

    /// The template that Django has for it.
    public var defaultTemplateName: String? { "django/forms/widgets/select_date.html" }

    /// The members that a template sees.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        var context = plainContext(name: name, value: value, attributes: attributes)
        let selected = Self.parts(of: value)
        let attributes = options.attributes.merging(attributes)
        context["subwidgets"] = .array(
            Self.order().map { part in
                let items = choices(part).map(FormChoices.Item.choice)
                var own = attributes
                own["id"] = .text("id_\(name)_\(part)")
                let select = Select(choices: FormChoices(items: items))
                return .dictionary(
                    select.templateContext(
                        name: "\(name)_\(part)",
                        value: .string(selected[part] ?? ""),
                        attributes: own
                    )
                )
            }
        )
        return context
    }

    /// Writes the lists.
    public func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        let selected = Self.parts(of: value)
        let attributes = options.attributes.merging(attributes)
        for part in Self.order() {
            var own = attributes
            own["id"] = .text("id_\(name)_\(part)")
            append(
                part,
                name: "\(name)_\(part)",
                selected: selected[part] ?? "",
                attributes: own,
                to: &output
            )
        }
    }

    private func append(
        _ part: Part,
        name: String,
        selected: String,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        output.append("<select name=\"")
        HTMLEscaper.append(name, to: &output)
        output.append(UInt8(ascii: "\""))
        attributes.append(to: &output)
        output.append(UInt8(ascii: ">"))
        var mayShowSelected = true
        for choice in choices(part) {
            output.append("<option value=\"")
            HTMLEscaper.append(choice.value, to: &output)
            output.append(UInt8(ascii: "\""))
            if mayShowSelected, choice.value.equalsBytes(selected) {
                output.append(" selected")
                mayShowSelected = false
            }
            output.append(UInt8(ascii: ">"))
            choice.label.append(to: &output)
            output.append("</option>")
        }
        output.append("</select>")
    }

    private func choices(_ part: Part) -> [FormChoice] {
        let own: [FormChoice] =
            switch part {
            case .year: years.map { FormChoice($0, .text($0)) }
            case .month: months ?? Self.monthChoices
            case .day: (1...31).map { FormChoice(String($0), .text(String($0))) }
            }
        if options.isRequired { return own }
        let label =
            switch part {
            case .year: emptyLabels.year
            case .month: emptyLabels.month
            case .day: emptyLabels.day
            }
        return [FormChoice("", .text(label))] + own
    }

    private static var monthChoices: [FormChoice] {
        let localization = FormEnvironment.current.localization
        return DateInputFormat.months.enumerated().map { index, name in
            FormChoice(String(index + 1), .text(localization.translated(name)))
        }
    }

    private enum Part: String, CaseIterable, CustomStringConvertible {
        case year
        case month
        case day

        var description: String { rawValue }
    }

    /// The order of the lists, by the letters of the language's format of dates.
    private static func order() -> [Part] {
        var parts: [Part] = []
        var isEscaped = false
        for letter in FormEnvironment.current.localization.formats.dateFormat.unicodeScalars {
            if isEscaped {
                isEscaped = false
                continue
            }
            switch letter {
            case "\\": isEscaped = true
            case "Y", "y": parts.append(.year)
            case "b", "E", "F", "M", "m", "N", "n": parts.append(.month)
            case "d", "j": parts.append(.day)
            default: break
            }
        }
        return parts
    }

    /// What is chosen in each list.
    private static func parts(of value: FormValue) -> [Part: String] {
        func chosen(_ date: CalendarDate) -> [Part: String] {
            [.year: String(date.year), .month: String(date.month), .day: String(date.day)]
        }
        switch value {
        case .date(let date): return chosen(date)
        case .dateTime(let dateTime): return chosen(dateTime.date)
        case .string(let text):
            if let numbers = pseudoDate(text) {
                let texts = numbers.map { $0 == 0 ? "" : String($0) }
                return [.year: texts[0], .month: texts[1], .day: texts[2]]
            }
            let format = FormEnvironment.current.dateInputFormats.first
            return format?.parse(text).map { chosen($0.date) } ?? [:]
        default: return [:]
        }
    }

    /// Three numbers such as `2024-2-0`, whatever day they are.
    private static func pseudoDate(_ text: String) -> [Int]? {
        guard text.utf8.count <= 40 else { return nil }
        let parts = text.unicodeScalars.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, (1...2).contains(parts[1].count), (1...2).contains(parts[2].count),
            parts[0].count == 4 || String(parts[0]) == "0"
        else { return nil }
        var numbers: [Int] = []
        for part in parts {
            var number = 0
            for scalar in part {
                guard let digit = UnicodeText.digit(scalar) else { return nil }
                number = number * 10 + Int(digit)
            }
            numbers.append(number)
        }
        return numbers
    }
}
