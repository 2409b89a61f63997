public import NuagesCore
public import NuagesHTTP
public import NuagesORM

/// A view that shows the objects of a period.
///
/// Django: `BaseDateListView`.
public protocol DateListView: MultipleObjectMixin, DateMixin, TemplateResponseMixin, GetHandler {
    /// What `date_list` has an entry for.
    var dateListPeriod: DatePeriod { get }

    /// The dates and objects of the request, and what the template sees besides.
    ///
    /// - Parameter request: the request.
    /// - Returns: dates and objects.
    /// - Throws: `HTTPError.notFound` for a period without objects or for none at all.
    func datedItems(_ request: Request) async throws -> DatedItems<Object>
}

/// The objects of a period, the dates within it that have objects, and where its neighbours are.
public struct DatedItems<Object: Model>: Sendable {
    /// The dates that have objects (Django: `date_list`); nil where the view lists none.
    public var dates: [ContextValue]?
    /// The objects; nil where the view lists only the dates.
    public var objects: QuerySet<Object>?
    /// What the template sees besides, such as `next_month`.
    public var extra: ContextDictionary

    /// Dates and objects.
    ///
    /// - Parameters:
    ///   - dates: the dates that have objects.
    ///   - objects: the objects.
    ///   - extra: what the template sees besides.
    public init(
        dates: [ContextValue]? = nil,
        objects: QuerySet<Object>?,
        extra: ContextDictionary = [:]
    ) {
        self.dates = dates
        self.objects = objects
        self.extra = extra
    }
}

extension DateListView {
    /// False: a period without objects is a 404.
    public var allowEmpty: Bool { false }
    /// Years.
    public var dateListPeriod: DatePeriod { .year }

    /// Shows the objects of the period.
    ///
    /// - Parameter request: the request.
    /// - Returns: the page.
    /// - Throws: `HTTPError.notFound`, `TemplateError`.
    public func get(_ request: Request) async throws -> Response {
        let items = try await datedItems(request)
        var list = ObjectList<Object>(objects: [], page: nil)
        if let objects = items.objects { list = try await objectList(objects, request) }
        list.extra = items.extra
        list.extra["date_list"] = items.dates.map { .array($0) } ?? ContextValue.none
        return try await renderToResponse(
            request,
            templateNames,
            try await completed(listContext(list), for: request)
        )
    }

    /// The objects that satisfy a condition and may be seen today, the latest first.
    func datedQuerySet(_ request: Request, _ condition: Q? = nil) async throws -> QuerySet<Object> {
        var objects = try await orderedQuerySet(request, by: ["-\(dateField.name)"])
        if let condition { objects = objects.filter(condition) }
        return allowFuture ? objects : objects.filter(notInFuture)
    }

    /// The dates that have objects; 404 where there are none and the view wants some.
    func dateList(
        _ objects: QuerySet<Object>,
        descending: Bool = false
    ) async throws -> [ContextValue] {
        let name = dateField.name
        let dates: [ContextValue] =
            if dateField.isMoment {
                try await objects.datetimes(
                    name,
                    dateListPeriod.momentPeriod,
                    in: zone,
                    descending: descending
                ).map { .dateTime($0) }
            } else {
                try await objects.dates(name, dateListPeriod, descending: descending).map {
                    .date($0)
                }
            }
        guard allowEmpty || !dates.isEmpty else {
            throw HTTPError.notFound("No \(verboseNamePlural) available.")
        }
        return dates
    }

    /// The first day of a neighbouring period that a link may lead to; nil where there is none.
    ///
    /// Where pages without objects are shown, it is the very next one. Else it is that of the next
    /// object, so that no link leads to a 404.
    func neighbour(
        of day: CalendarDate,
        _ period: ArchivePeriod,
        isPrevious: Bool,
        _ request: Request
    ) async throws -> CalendarDate? {
        let start = try Self.inRange(period.start(day))
        guard !allowEmpty else {
            let before = isPrevious ? start.advanced(days: -1).flatMap(period.start) : nil
            guard let result = isPrevious ? before : period.next(day) else { return nil }
            guard !allowFuture, let today = CalendarDate.today(in: zone) else { return result }
            return result <= today ? result : nil
        }
        let name = dateField.name
        let condition =
            isPrevious
            ? Q("\(name)__lt", operand(start))
            : Q("\(name)__gte", operand(try Self.inRange(period.next(day))))
        var objects = try await querySet(request).filter(condition)
        if !allowFuture { objects = objects.filter(notInFuture) }
        let object = try await objects.order(by: [isPrevious ? "-\(name)" : name]).limit(1).all()
            .first
        return object.flatMap { dateField.day(of: $0, in: zone) }.flatMap(period.start)
    }

    /// `next_month` and `previous_month`, or those of another period.
    func neighbours(
        of day: CalendarDate,
        _ period: ArchivePeriod,
        name: String,
        _ request: Request
    ) async throws -> ContextDictionary {
        var context = ContextDictionary()
        for (word, isPrevious) in [("next", false), ("previous", true)] {
            let date = try await neighbour(of: day, period, isPrevious: isPrevious, request)
            context["\(word)_\(name)"] = date.contextValue
        }
        return context
    }
}
