public import NuagesCore
public import NuagesTemplates

/// Filters that write numbers and dates as people say them; templates begin with
/// `{% load humanize %}`.
///
///     var apps: [any App] { [PollsApp(), HumanizeApp()] }
///
/// | filter | example |
/// | --- | --- |
/// | `apnumber` | `{{ 5\|apnumber }}`: five |
/// | `intcomma` | `{{ 4500\|intcomma }}`: 4,500 |
/// | `intword` | `{{ 1200000\|intword }}`: 1.2 million |
/// | `naturalday` | today, tomorrow, yesterday, else the date |
/// | `naturaltime` | 29 seconds ago, 3 hours from now |
/// | `ordinal` | `{{ 3\|ordinal }}`: 3rd |
///
/// Django: `django.contrib.humanize`.
public struct HumanizeApp: TemplateApp {
    /// `humanize`.
    public let label = "humanize"

    /// The app.
    public init() {}

    /// The library `humanize`.
    public var libraries: [String: Library] { ["humanize": .humanize] }
}

extension Library {
    /// The filters of `HumanizeApp`.
    public static let humanize: Library = {
        var library = Library()
        library.filter("apnumber", isSafe: true) { value, _, context in
            HumanNumber(context.localization).spelled(value)
        }
        library.filter("intcomma", argument: .optional, isSafe: true) {
            value,
            isLocalized,
            context in
            .string(
                HumanNumber(context.localization)
                    .grouped(value, isLocalized: isLocalized?.isTrue ?? true)
            )
        }
        library.filter("intword") { value, _, context in
            HumanNumber(context.localization).words(value)
        }
        library.filter("ordinal", isSafe: true) { value, _, context in
            HumanNumber(context.localization).ordinal(value)
        }
        library.filter("naturalday", argument: .optional, expectsLocalTime: true) {
            value,
            format,
            context in
            try HumanTime(context).day(value, format)
        }
        library.filter("naturaltime") { value, _, context in
            try HumanTime(context).distance(value)
        }
        return library
    }()
}
