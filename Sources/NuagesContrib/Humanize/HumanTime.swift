import NuagesCore
import NuagesTemplates

/// Days and moments as people say them.
struct HumanTime {
    private let context: FilterContext
    private var localization: Localization { context.localization }

    init(_ context: FilterContext) { self.context = context }

    /// `today`, `tomorrow` or `yesterday`, else the date in a format; anything else as it is.
    func day(_ value: ContextValue, _ format: ContextValue?) throws -> ContextValue {
        var zone: LocalDateTime.Zone?
        let day: CalendarDate
        switch value {
        case .date(let date): day = date
        case .localDateTime(let local): (day, zone) = (local.date, local.zone)
        case .dateTime(let moment):
            guard let local = LocalDateTime(moment, in: .utc) else { return value }
            (day, zone) = (local.date, local.zone)
        default: return value
        }
        let today = LocalDateTime(context.now, in: zone ?? localization.defaultTimeZone)?.date
        switch today.map({ day.daysSince1970 - $0.daysSince1970 }) {
        case 0: return .string(localization.translated("today"))
        case 1: return .string(localization.translated("tomorrow"))
        case -1: return .string(localization.translated("yesterday"))
        default: return try DateFilter(localization).date(.date(day), format)
        }
    }

    /// How long ago a moment was, or how far ahead it is; anything but a moment as it is.
    func distance(_ value: ContextValue) throws -> ContextValue {
        let moment: LocalDateTime
        switch value {
        case .localDateTime(let local): moment = local
        case .dateTime(let date):
            guard let local = LocalDateTime(date, in: .utc) else { return value }
            moment = local
        case .date:
            throw TemplateError.rendering(
                "'naturaltime' needs a date with a time, not \(value.representation())."
            )
        default: return value
        }
        let zone = moment.zone == nil ? localization.defaultTimeZone : .utc
        guard var now = LocalDateTime(context.now, in: zone) else { return value }
        if moment.zone == nil { now.zone = nil }
        let difference = now.microsecondsSince1970 - moment.microsecondsSince1970
        let isPast = difference > 0
        let seconds = abs(difference) / 1_000_000
        return .string(
            seconds < 86_400
                ? clockText(seconds, isPast: isPast) : calendarText(moment, now, isPast: isPast)
        )
    }

    private func clockText(_ seconds: Int, isPast: Bool) -> String {
        let ending = isPast ? "ago" : "from now"
        let (count, one, many) =
            switch seconds {
            case ..<60: (seconds, "a second", "seconds")
            case ..<3600: (seconds / 60, "a minute", "minutes")
            default: (seconds / 3600, "an hour", "hours")
            }
        guard count > 0 else { return localization.translated("now") }
        return localization.translated(
            "\(one) \(ending)",
            plural: "%(count)s\u{A0}\(many) \(ending)",
            count
        ).replacingBytes("%(count)s", with: "\(count)")
    }

    private func calendarText(
        _ moment: LocalDateTime,
        _ now: LocalDateTime,
        isPast: Bool
    ) -> String {
        let now = moment.zone.flatMap { now.converted(to: $0) } ?? now
        var distance = TimeDistance(localization)
        distance.context = isPast ? "naturaltime-past" : "naturaltime-future"
        let delta =
            isPast ? distance.text(from: moment, to: now) : distance.text(from: now, to: moment)
        return localization.translated("%(delta)s \(isPast ? "ago" : "from now")")
            .replacingBytes("%(delta)s", with: delta)
    }
}
