/// What the clocks of a place have shown, show and will show: a zone of the time-zone database.
///
///     try TimeZoneRules(named: "Europe/Paris")
///
/// Django: Python's `zoneinfo.ZoneInfo`.
public final class TimeZoneRules: Sendable {
    /// One setting of the clocks.
    package struct Setting: Sendable, Hashable {
        /// Seconds ahead of UTC.
        package var offset: Int
        /// Whether it is daylight saving time.
        package var isDaylight: Bool
        /// The setting's name, such as `CEST`.
        package var abbreviation: String
    }

    /// The zone's name in the database.
    public let name: String
    /// When the clocks were set, in seconds since 1970 UTC, rising.
    let transitions: [Int]
    /// The setting that began with each transition.
    let settings: [Setting]
    /// The setting before the first transition.
    let initial: Setting
    /// The rule for the time after the last transition.
    let rule: PosixTimeZone?

    init(
        name: String,
        transitions: [Int],
        settings: [Setting],
        initial: Setting,
        rule: PosixTimeZone?
    ) {
        self.name = name
        self.transitions = transitions
        self.settings = settings
        self.initial = initial
        self.rule = rule
    }

    /// Coordinated Universal Time.
    public static let utc = TimeZoneRules(
        name: "UTC",
        transitions: [],
        settings: [],
        initial: Setting(offset: 0, isDaylight: false, abbreviation: "UTC"),
        rule: nil
    )

    /// The setting at a moment.
    package func setting(atSecond second: Int) -> Setting {
        guard let last = transitions.last, second < last else {
            if let rule { return rule.setting(atSecond: second) }
            return settings.last ?? initial
        }
        let index = countOfTransitions(upTo: second)
        return index == 0 ? initial : settings[index - 1]
    }

    /// The setting of a clock that shows `local` seconds since 1970 on its own face.
    ///
    /// Python's rules (PEP 495): of two times that look the same the first, unless `isSecondOfTwo`;
    /// a time that is skipped has the setting from before the change, or after it for the second.
    package func setting(atLocal local: Int, isSecondOfTwo: Bool) -> Setting {
        let before = setting(atSecond: local - 86_400)
        let after = setting(atSecond: local + 86_400)
        let candidates = Set([before.offset, after.offset] + nearbyOffsets(local))
        var found: [Setting] = []
        for offset in candidates.sorted(by: >) {
            let setting = setting(atSecond: local - offset)
            if setting.offset == offset { found.append(setting) }
        }
        // The larger offset is the earlier moment.
        if found.count > 1 { return isSecondOfTwo ? found[found.count - 1] : found[0] }
        if let only = found.first { return only }
        return isSecondOfTwo
            ? setting(atSecond: local - min(before.offset, after.offset))
            : setting(atSecond: local - max(before.offset, after.offset))
    }

    private func nearbyOffsets(_ local: Int) -> [Int] {
        let first = countOfTransitions(upTo: local - 172_800)
        let last = countOfTransitions(upTo: local + 172_800)
        return settings[first..<last].map(\.offset)
    }

    private func countOfTransitions(upTo second: Int) -> Int {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= second { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension LocalDateTime.Zone {
    /// UTC.
    public static let utc = LocalDateTime.Zone.rules(.utc)

    /// The name that `{% get_current_timezone %}` shows.
    public var name: String {
        switch self {
        case .fixed(let seconds, let name): name ?? Self.fixedName(seconds)
        case .rules(let rules): rules.name
        }
    }

    static func fixedName(_ seconds: Int) -> String {
        seconds == 0 ? "UTC" : "UTC\(LocalDateTime.isoOffset(seconds))"
    }

    func setting(atLocal local: Int, isSecondOfTwo: Bool) -> TimeZoneRules.Setting {
        switch self {
        case .fixed(let seconds, let name):
            .init(
                offset: seconds,
                isDaylight: false,
                abbreviation: name ?? Self.fixedName(seconds)
            )
        case .rules(let rules): rules.setting(atLocal: local, isSecondOfTwo: isSecondOfTwo)
        }
    }

    func offset(atLocal local: Int, isSecondOfTwo: Bool) -> Int {
        setting(atLocal: local, isSecondOfTwo: isSecondOfTwo).offset
    }

    /// The offset at a moment, and whether the clock shows that time for the second time.
    func offsetAndFold(atSecond second: Int) -> (offset: Int, isSecondOfTwo: Bool) {
        switch self {
        case .fixed(let seconds, _): return (seconds, false)
        case .rules(let rules):
            let offset = rules.setting(atSecond: second).offset
            if rules.transitions.isEmpty, rules.rule == nil { return (offset, false) }
            let first = rules.setting(atLocal: second + offset, isSecondOfTwo: false).offset
            return (offset, first != offset)
        }
    }

    /// Whether a clock of the zone shows `local` twice or never.
    package func isAmbiguousOrImaginary(atLocal local: Int) -> Bool {
        offset(atLocal: local, isSecondOfTwo: false) != offset(atLocal: local, isSecondOfTwo: true)
    }
}
