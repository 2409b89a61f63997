public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension QuerySet {
    /// The periods that have rows, each by its first day.
    ///
    ///     try await Book.objects.dates("published", .year)      // 2024-01-01, 2026-01-01
    ///     // SELECT DISTINCT django_date_trunc('year', "polls_book"."published", NULL, NULL)
    ///     // AS "datefield" … WHERE "polls_book"."published" IS NOT NULL ORDER BY 1 ASC
    ///
    /// Django: `dates`.
    ///
    /// - Parameters:
    ///   - field: a field with days, in Django's spelling.
    ///   - period: how long a period is.
    ///   - descending: whether the latest comes first.
    /// - Returns: the first days.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func dates(
        _ field: String,
        _ period: DatePeriod,
        descending: Bool = false
    ) async throws -> [CalendarDate] {
        try requireType(.dateField, of: field)
        return try await periods(
            field,
            Truncation(period: period.momentPeriod, zone: nil),
            descending
        )
    }

    /// The periods that have rows, each by the moment at which it begins.
    ///
    ///     try await Question.objects.datetimes("pub_date", .month, in: zone)
    ///     // SELECT DISTINCT django_datetime_trunc('month', "polls_question"."pub_date",
    ///     // 'Europe/Paris', 'UTC') AS "datetimefield" … ORDER BY 1 ASC
    ///
    /// Django: `datetimes`.
    ///
    /// - Parameters:
    ///   - field: a field with moments, in Django's spelling.
    ///   - period: how long a period is.
    ///   - zone: the zone on whose clocks the periods begin.
    ///   - descending: whether the latest comes first.
    /// - Returns: the moments.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func datetimes(
        _ field: String,
        _ period: MomentPeriod,
        in zone: LocalDateTime.Zone = .utc,
        descending: Bool = false
    ) async throws -> [Date] {
        try requireType(.dateTimeField, of: field)
        let name =
            if case .fixed(seconds: 0, _) = zone { "UTC" } else { zone.name }
        guard (try? TimeZoneRules.named(name)) != nil else {
            throw FieldError.invalidQuery("The database has no zone '\(name)' to begin periods in.")
        }
        let local: [Date] = try await periods(
            field,
            Truncation(period: period, zone: name),
            descending
        )
        // The database gives what the clocks show.
        return local.map { date in
            guard var clock = LocalDateTime(date, in: .utc) else { return date }
            clock.zone = nil
            return clock.moment(assuming: zone)
        }
    }

    private func periods<Value: FieldValue>(
        _ field: String,
        _ truncation: Truncation,
        _ descending: Bool
    ) async throws -> [Value] {
        let name = truncation.columnName
        let set = with { query in
            var options: [String: SQLValue] = ["period": .text(truncation.period.rawValue)]
            options["zone"] = truncation.zone.map { .text($0) }
            let source = ExpressionNode.reference([field])
            let call = FunctionCall(
                .truncate,
                [source],
                options: options,
                type: truncation.zone == nil ? .date : .dateTime
            )
            query.add(
                .annotate(
                    [
                        Query.Named(name: name, node: .call(call)),
                        Query.Named(name: "plain_field", node: source),
                    ],
                    isSelected: true
                )
            )
            query.add(.values([.field(name)]))
            query.add(.distinct([]))
            query.add(
                .filter(
                    .condition(["plain_field", "isnull"], .value(.bool(false))),
                    isNegated: false
                )
            )
            query.add(.order([Ordering(name: descending ? "-\(name)" : name)]))
        }
        return try await fetchValues(set.query) { row in try row.read(Value.self) }
    }

    private func requireType(_ type: FieldType, of name: String) throws(FieldError) {
        guard let field = query.model.field(name) else {
            throw .unknownField(
                name: name,
                model: query.model.schema.name,
                choices: query.model.fields.map(\.schema.name)
            )
        }
        guard field.schema.type == type else {
            throw .invalidValue(field: name, expected: type.rawValue)
        }
    }
}
