public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension QuerySet {
    /// The periods that have rows, each by its first day.
    ///
    ///     try await Book.objects.dates(.year) { $0.published }      // 2024-01-01, 2026-01-01
    ///     // SELECT DISTINCT django_date_trunc('year', "polls_book"."published", NULL, NULL)
    ///     // AS "datefield" … WHERE "polls_book"."published" IS NOT NULL ORDER BY 1 ASC
    ///
    /// Django: `dates`.
    ///
    /// - Parameters:
    ///   - period: how long a period is.
    ///   - descending: whether the latest comes first.
    ///   - field: the day, of the row or of a related one.
    /// - Returns: the first days.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func dates<Field: QueryExpression>(
        _ period: DatePeriod,
        descending: Bool = false,
        of field: (M.Fields) -> Field
    ) async throws -> [CalendarDate] where Field.Value.Base == CalendarDate {
        try await periods(
            field(M.queryFields).node,
            Truncation(period: period.momentPeriod, zone: nil),
            descending
        )
    }

    /// The periods that have rows, each by its first day, in the dynamic form.
    ///
    ///     try await Book.objects.dates("published", .year)
    ///
    /// - Parameters:
    ///   - field: a field with days, in Django's spelling; behind relations too.
    ///   - period: how long a period is.
    ///   - descending: whether the latest comes first.
    /// - Returns: the first days.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func dates(
        _ field: String,
        _ period: DatePeriod,
        descending: Bool = false
    ) async throws -> [CalendarDate] {
        let node = DynamicExpression.field(field).node
        try requireType(.dateField, of: node, field)
        return try await periods(
            node,
            Truncation(period: period.momentPeriod, zone: nil),
            descending
        )
    }

    /// The periods that have rows, each by the moment at which it begins.
    ///
    ///     try await Question.objects.datetimes(.month, in: zone) { $0.pubDate }
    ///     // SELECT DISTINCT django_datetime_trunc('month', "polls_question"."pub_date",
    ///     // 'Europe/Paris', 'UTC') AS "datetimefield" … ORDER BY 1 ASC
    ///
    /// Django: `datetimes`.
    ///
    /// - Parameters:
    ///   - period: how long a period is.
    ///   - zone: the zone on whose clocks the periods begin.
    ///   - descending: whether the latest comes first.
    ///   - field: the moment, of the row or of a related one.
    /// - Returns: the moments.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func datetimes<Field: QueryExpression>(
        _ period: MomentPeriod,
        in zone: LocalDateTime.Zone = .utc,
        descending: Bool = false,
        of field: (M.Fields) -> Field
    ) async throws -> [Date] where Field.Value.Base == Date {
        try await moments(field(M.queryFields).node, period, zone, descending)
    }

    /// The periods that have rows, each by the moment at which it begins, in the dynamic form.
    ///
    ///     try await Question.objects.datetimes("pub_date", .month, in: zone)
    ///
    /// - Parameters:
    ///   - field: a field with moments, in Django's spelling; behind relations too.
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
        let node = DynamicExpression.field(field).node
        try requireType(.dateTimeField, of: node, field)
        return try await moments(node, period, zone, descending)
    }

    private func moments(
        _ source: ExpressionNode,
        _ period: MomentPeriod,
        _ zone: LocalDateTime.Zone,
        _ descending: Bool
    ) async throws -> [Date] {
        let name =
            if case .fixed(seconds: 0, _) = zone { "UTC" } else { zone.name }
        guard (try? TimeZoneRules.named(name)) != nil else {
            throw FieldError.invalidQuery("The database has no zone '\(name)' to begin periods in.")
        }
        let local: [Date] = try await periods(
            source,
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
        _ source: ExpressionNode,
        _ truncation: Truncation,
        _ descending: Bool
    ) async throws -> [Value] {
        let name = truncation.columnName
        let set = with { query in
            var options: [String: SQLValue] = ["period": .text(truncation.period.rawValue)]
            options["zone"] = truncation.zone.map { .text($0) }
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

    private func requireType(
        _ type: FieldType,
        of source: ExpressionNode,
        _ name: String
    ) throws {
        let named = query.adding(
            .annotate([Query.Named(name: "plain_field", node: source)], isSelected: true)
        )
        guard try named.resolved().annotations["plain_field"]?.type?.field == type else {
            throw FieldError.invalidValue(field: name, expected: type.rawValue)
        }
    }
}
