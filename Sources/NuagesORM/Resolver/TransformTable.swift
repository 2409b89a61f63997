import Synchronization

/// The transforms that stand in paths: parts of dates, keys of JSON documents, and those of the
/// site.
enum TransformTable {
    private static let dateParts: Set<String> = [
        "year", "iso_year", "quarter", "month", "week", "day", "week_day", "iso_week_day",
    ]
    private static let timeParts: Set<String> = ["hour", "minute", "second"]

    static func names(_ type: ValueType?) -> [String] {
        let custom = type.map { CustomLookups.transformNames($0) } ?? []
        return custom.isEmpty ? ownNames(type) : (ownNames(type) + custom).sorted()
    }

    private static func ownNames(_ type: ValueType?) -> [String] {
        switch type?.family {
        case .date: dateParts.sorted()
        case .dateTime: dateParts.union(timeParts).union(["date", "time"]).sorted()
        case .time: timeParts.sorted()
        case .text: ["length", "lower", "upper"]
        default: []
        }
    }

    static func transform(_ name: String, of node: Resolved) throws -> Resolved? {
        guard let type = node.type, type.target == nil else { return nil }
        if let custom = CustomLookups.transform(name, type) {
            let call = FunctionNode(
                function: custom,
                arguments: [node],
                options: custom.presets,
                type: try custom.output.type([type])
            )
            return .function(try custom.prepare(call))
        }
        switch type.family {
        case .date where dateParts.contains(name): return part(name, node, zoned: false)
        case .dateTime where dateParts.contains(name) || timeParts.contains(name):
            return part(name, node, zoned: true)
        case .time where timeParts.contains(name): return part(name, node, zoned: false)
        case .dateTime where name == "date": return moment(.date, node, .date)
        case .dateTime where name == "time": return moment(.time, node, .time)
        case .text where name == "lower": return call(.lower, node, type)
        case .text where name == "upper": return call(.upper, node, type)
        case .text where name == "length": return call(.length, node, .integer)
        case .json: return JSONPaths.key(name, of: node)
        default: return nil
        }
    }

    private static func call(
        _ function: SQLFunction,
        _ node: Resolved,
        _ type: ValueType
    ) -> Resolved {
        .function(FunctionNode(function: function, arguments: [node], options: [:], type: type))
    }

    private static func part(_ name: String, _ node: Resolved, zoned: Bool) -> Resolved {
        var options: [String: SQLValue] = ["part": .text(name)]
        if zoned { options["zone"] = .text(CurrentZone.name) }
        return .function(
            FunctionNode(function: .extract, arguments: [node], options: options, type: .integer)
        )
    }

    private static func moment(
        _ function: SQLFunction,
        _ node: Resolved,
        _ type: ValueType
    ) -> Resolved {
        .function(
            FunctionNode(
                function: function,
                arguments: [node],
                options: ["zone": .text(CurrentZone.name)],
                type: type
            )
        )
    }
}

/// The time zone in which dates are read off moments.
///
///     try await CurrentZone.$active.withValue("Europe/Paris") {
///         try await Article.objects.filter { $0.published.hour == 9 }.count()
///     }
///
/// Django: the current and the default time zone.
public enum CurrentZone {
    /// The zone that was chosen for this task; nil stands for ``default``.
    @TaskLocal public static var active: String?

    private static let siteZone = Mutex("UTC")

    /// The zone of the site, UTC until a site sets the one of its settings.
    public static var `default`: String {
        get { siteZone.withLock { $0 } }
        set { siteZone.withLock { $0 = newValue } }
    }

    /// The name of the zone in which dates are read.
    public static var name: String { active ?? `default` }
}
