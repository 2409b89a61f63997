extension SQLFunction {
    /// The first argument that is not NULL.
    public static let coalesce = SQLFunction("Coalesce", arguments: 2...1000, gives: .common) {
        $0.call("COALESCE")
    }

    /// The argument as another type.
    public static let cast = SQLFunction("Cast", arguments: 1, gives: .first) { call in
        guard let type = call.type else { return call.arguments[0] }
        return call.dialect.cast(call.arguments[0], to: type)
    }

    /// A random number between 0 and 1.
    public static let random = SQLFunction("Random", arguments: 0, gives: .fixed(.float)) {
        $0.dialect.random
    }

    /// A part of a date or time as a number, as `year` of a date.
    ///
    /// Options: `part`, and `zone` for moments.
    public static let extract = SQLFunction("Extract", arguments: 1, gives: .fixed(.integer)) {
        call in
        let part = call.text("part") ?? "year"
        return try call.dialect.extract(
            part,
            from: call.arguments[0],
            type: call.types[0] ?? .dateTime,
            zone: call.text("zone")
        )
    }

    /// The day of a moment.
    public static let date = SQLFunction("TruncDate", arguments: 1, gives: .fixed(.date)) { call in
        try call.dialect.day(of: call.arguments[0], type: call.types[0] ?? .dateTime, zone: call.text("zone"))
    }

    /// The time of day of a moment.
    public static let time = SQLFunction("TruncTime", arguments: 1, gives: .fixed(.time)) { call in
        try call.dialect.time(of: call.arguments[0], type: call.types[0] ?? .dateTime, zone: call.text("zone"))
    }

    /// The beginning of the period that a date or moment is in.
    ///
    /// Options: `period`, and `zone` for moments.
    public static let truncate = SQLFunction("Trunc", arguments: 1, gives: .first) { call in
        try call.dialect.truncate(
            call.arguments[0],
            to: call.text("period") ?? "day",
            type: call.types[0] ?? .dateTime,
            result: call.type ?? .dateTime,
            zone: call.text("zone")
        )
    }

    public static let lower = SQLFunction("Lower", arguments: 1, gives: .first) { $0.call("LOWER") }
    public static let upper = SQLFunction("Upper", arguments: 1, gives: .first) { $0.call("UPPER") }
    public static let length = SQLFunction("Length", arguments: 1, gives: .fixed(.integer)) {
        $0.call("LENGTH")
    }

    /// A function that is called by its name in capitals.
    static func plain(_ name: String) -> SQLFunction {
        SQLFunction(name, arguments: 0...1000, gives: .first) { $0.call(name.uppercased()) }
    }
}
