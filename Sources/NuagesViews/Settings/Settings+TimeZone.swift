import NuagesCore

extension Settings {
    /// The zone that ``timeZone`` names; nil where the system has none of that name.
    var zone: LocalDateTime.Zone? {
        (try? TimeZoneRules.named(timeZone)).map(LocalDateTime.Zone.rules)
    }
}
