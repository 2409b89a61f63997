import CSQLite
import NuagesCore
import NuagesORM

/// The functions of Django's that SQLite lacks, under Django's names, so that a database can be
/// shared: expressions in indexes and constraints may use them.
enum SQLiteFunctions {
    /// Makes the functions known to a connection.
    static func install(in connection: OpaquePointer) throws(DatabaseError) {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC
        let status = [
            sqlite3_create_function_v2(
                connection,
                "django_date_trunc",
                4,
                flags,
                nil,
                { context, _, arguments in
                    SQLiteFunctions.answer(context, arguments, SQLiteFunctions.truncatedDay)
                },
                nil,
                nil,
                nil
            ),
            sqlite3_create_function_v2(
                connection,
                "django_datetime_trunc",
                4,
                flags,
                nil,
                { context, _, arguments in
                    SQLiteFunctions.answer(context, arguments, SQLiteFunctions.truncatedMoment)
                },
                nil,
                nil,
                nil
            ),
        ].first { $0 != SQLITE_OK }
        guard let status else { return }
        throw .operational(
            "SQLite does not take functions: \(SQLiteError.text(status)).",
            statement: nil
        )
    }

    /// Calls a function of four texts, of which the second is the value; `NULL` for one that it
    /// cannot read.
    private static func answer(
        _ context: OpaquePointer?,
        _ arguments: UnsafeMutablePointer<OpaquePointer?>?,
        _ function: ([UnsafeBufferPointer<UInt8>]) -> String?
    ) {
        let texts = (0..<4).map { text(arguments?[$0]) }
        guard texts[1].baseAddress != nil, let result = function(texts) else {
            sqlite3_result_null(context)
            return
        }
        sqlite3_result_text(context, result, Int32(result.utf8.count), transientMemory)
    }

    private static func text(_ value: OpaquePointer?) -> UnsafeBufferPointer<UInt8> {
        guard let value, let bytes = sqlite3_value_text(value) else {
            return .init(start: nil, count: 0)
        }
        return UnsafeBufferPointer(start: bytes, count: Int(sqlite3_value_bytes(value)))
    }

    private static func period(_ text: UnsafeBufferPointer<UInt8>) -> MomentPeriod? {
        MomentPeriod(rawValue: String(decoding: text, as: UTF8.self))
    }

    /// The day of the beginning of the period: `2024-02-01`.
    private static func truncatedDay(_ texts: [UnsafeBufferPointer<UInt8>]) -> String? {
        guard let period = period(texts[0]), let day = StoredText.date(texts[1]) else { return nil }
        return first(day, period)?.description
    }

    /// What the clocks of a zone show at the beginning of the period: `2024-02-01 00:00:00`.
    private static func truncatedMoment(_ texts: [UnsafeBufferPointer<UInt8>]) -> String? {
        let name = String(decoding: texts[2], as: UTF8.self)
        guard let period = period(texts[0]), let moment = StoredText.dateTime(texts[1]),
            let zone = name.isEmpty ? TimeZoneRules.utc : try? TimeZoneRules.named(name),
            let local = LocalDateTime(moment, in: .rules(zone)),
            let day = first(local.date, period), let time = first(local.time, period)
        else { return nil }
        return "\(day) \(time)"
    }

    private static func first(_ day: CalendarDate, _ period: MomentPeriod) -> CalendarDate? {
        switch period {
        case .year: CalendarDate(year: day.year, month: 1, day: 1)
        case .month: CalendarDate(year: day.year, month: day.month, day: 1)
        case .week: CalendarDate(daysSince1970: day.daysSince1970 - day.weekday)
        case .day, .hour, .minute, .second: day
        }
    }

    private static func first(_ time: TimeOfDay, _ period: MomentPeriod) -> TimeOfDay? {
        switch period {
        case .year, .month, .week, .day: TimeOfDay(hour: 0, minute: 0)
        case .hour: TimeOfDay(hour: time.hour, minute: 0)
        case .minute: TimeOfDay(hour: time.hour, minute: time.minute)
        case .second: TimeOfDay(hour: time.hour, minute: time.minute, second: time.second)
        }
    }
}
