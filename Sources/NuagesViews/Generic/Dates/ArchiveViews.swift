public import NuagesCore
public import NuagesHTTP
public import NuagesORM

/// The front page of an archive: the latest objects, and the years that have any.
///
///     struct ArticleArchive: ArchiveIndexView {
///         let model = Article.self
///         var dateField: ArchiveDate<Article> { ArchiveDate(\.pubDate) }
///     }
///
///     // news/article_archive.html with {{ latest }} and {{ date_list }}
///
/// Django: `django.views.generic.dates.ArchiveIndexView`.
public protocol ArchiveIndexView: DateListView {}

extension ArchiveIndexView {
    /// `latest`.
    public var contextObjectName: String? { "latest" }
    /// `_archive`.
    public var templateNameSuffix: String { "_archive" }

    /// The latest objects, and the dates that have any, the latest first.
    ///
    /// - Parameter request: the request.
    /// - Returns: dates and objects.
    /// - Throws: `HTTPError.notFound` where there are none.
    public func datedItems(_ request: Request) async throws -> DatedItems<Object> {
        let objects = try await datedQuerySet(request)
        let dates = try await dateList(objects, descending: true)
        return DatedItems(dates: dates, objects: dates.isEmpty ? nil : objects)
    }
}

/// The objects of a year, or the months of it that have any.
///
///     #path("<int:year>/", ArticleYear())
///     // news/article_archive_year.html with {{ year }}, {{ date_list }}, {{ next_year }} and
///     // {{ previous_year }}
///
/// Django: `django.views.generic.dates.YearArchiveView`.
public protocol YearArchiveView: YearMixin, DateListView {
    /// Whether the objects are listed too, and not only the months.
    var makeObjectList: Bool { get }
}

extension YearArchiveView {
    /// `_archive_year`.
    public var templateNameSuffix: String { "_archive_year" }
    /// Months.
    public var dateListPeriod: DatePeriod { .month }
    /// False.
    public var makeObjectList: Bool { false }

    /// The months of the year, and its objects where ``makeObjectList`` says so.
    ///
    /// - Parameter request: the request.
    /// - Returns: dates and objects.
    /// - Throws: `HTTPError.notFound` where there are none.
    public func datedItems(_ request: Request) async throws -> DatedItems<Object> {
        let year = try DatePart.day(try yearPart(request))
        let end = try Self.inRange(ArchivePeriod.year.next(year))
        let objects = try await datedQuerySet(request, within(year, upTo: end))
        let dates = try await dateList(objects)
        return DatedItems(
            dates: dates,
            objects: makeObjectList ? objects : nil,
            extra: try await neighbours(of: year, .year, name: "year", request)
                .merging(["year": year])
        )
    }
}

/// The objects of a month, and the days of it that have any.
///
///     #path("<int:year>/<str:month>/", ArticleMonth())        // 2026/jan/
///     // news/article_archive_month.html with {{ month }}, {{ date_list }}, {{ next_month }} and
///     // {{ previous_month }}
///
/// Django: `django.views.generic.dates.MonthArchiveView`.
public protocol MonthArchiveView: YearMixin, MonthMixin, DateListView {}

extension MonthArchiveView {
    /// `_archive_month`.
    public var templateNameSuffix: String { "_archive_month" }
    /// Days.
    public var dateListPeriod: DatePeriod { .day }

    /// The objects of the month, and its days.
    ///
    /// - Parameter request: the request.
    /// - Returns: dates and objects.
    /// - Throws: `HTTPError.notFound` where there are none.
    public func datedItems(_ request: Request) async throws -> DatedItems<Object> {
        let month = try DatePart.day(try yearPart(request), try monthPart(request))
        let end = try Self.inRange(ArchivePeriod.month.next(month))
        let objects = try await datedQuerySet(request, within(month, upTo: end))
        return DatedItems(
            dates: try await dateList(objects),
            objects: objects,
            extra: try await neighbours(of: month, .month, name: "month", request)
                .merging(["month": month])
        )
    }
}

/// The objects of a week.
///
///     #path("<int:year>/week/<int:week>/", ArticleWeek())
///     // news/article_archive_week.html with {{ week }}, {{ next_week }} and {{ previous_week }}
///
/// Django: `django.views.generic.dates.WeekArchiveView`.
public protocol WeekArchiveView: YearMixin, WeekMixin, DateListView {}

extension WeekArchiveView {
    /// `_archive_week`.
    public var templateNameSuffix: String { "_archive_week" }

    /// The objects of the week.
    ///
    /// - Parameter request: the request.
    /// - Returns: the objects.
    /// - Throws: `HTTPError.notFound` where there are none,
    ///   ``ViewError/weekFormat(view:week:year:)`` where the formats do not go together.
    public func datedItems(_ request: Request) async throws -> DatedItems<Object> {
        guard ["%U", "%W"].contains(weekFormat) || (weekFormat == "%V" && yearFormat == "%G") else {
            throw ViewError.weekFormat(view: "\(Self.self)", week: weekFormat, year: yearFormat)
        }
        let week = try DatePart.day(
            try yearPart(request),
            DatePart(text: weekPeriod == .sundayWeek ? "0" : "1", format: "%w"),
            try DatePart("week", format: weekFormat, of: request)
        )
        let end = try Self.inRange(weekPeriod.next(week))
        return DatedItems(
            objects: try await datedQuerySet(request, within(week, upTo: end)),
            extra: try await neighbours(of: week, weekPeriod, name: "week", request)
                .merging(["week": week])
        )
    }
}

/// The objects of a day.
///
///     #path("<int:year>/<str:month>/<int:day>/", ArticleDay())
///     // news/article_archive_day.html with {{ day }}, {{ next_day }}, {{ previous_day }},
///     // {{ next_month }} and {{ previous_month }}
///
/// Django: `django.views.generic.dates.DayArchiveView`.
public protocol DayArchiveView: YearMixin, MonthMixin, DayMixin, DateListView {}

extension DayArchiveView {
    /// `_archive_day`.
    public var templateNameSuffix: String { "_archive_day" }

    /// The objects of the day.
    ///
    /// - Parameter request: the request.
    /// - Returns: the objects.
    /// - Throws: `HTTPError.notFound` where there are none.
    public func datedItems(_ request: Request) async throws -> DatedItems<Object> {
        try await datedItems(on: try day(in: request), request)
    }

    /// The objects of a day that the view knows itself.
    ///
    /// - Parameters:
    ///   - day: the day.
    ///   - request: the request.
    /// - Returns: the objects.
    /// - Throws: `HTTPError.notFound` where there are none.
    public func datedItems(
        on day: CalendarDate,
        _ request: Request
    ) async throws -> DatedItems<Object> {
        DatedItems(
            objects: try await datedQuerySet(request, try on(day)),
            extra: try await neighbours(of: day, .day, name: "day", request)
                .merging(try await neighbours(of: day, .month, name: "month", request))
                .merging(["day": day])
        )
    }
}

/// The objects of today, in the time zone of the site.
///
/// Django: `django.views.generic.dates.TodayArchiveView`.
public protocol TodayArchiveView: DayArchiveView {}

extension TodayArchiveView {
    /// The objects of today.
    ///
    /// - Parameter request: the request.
    /// - Returns: the objects.
    /// - Throws: `HTTPError.notFound` where there are none.
    public func datedItems(_ request: Request) async throws -> DatedItems<Object> {
        try await datedItems(on: try Self.inRange(CalendarDate.today(in: zone)), request)
    }
}

/// One object of a day, found by its key or slug.
///
///     #path("<int:year>/<str:month>/<int:day>/<int:pk>/", ArticleDetail())
///
/// Django: `django.views.generic.dates.DateDetailView`.
public protocol DateDetailView: YearMixin, MonthMixin, DayMixin, DetailView {}

extension DateDetailView {
    /// The object with the key or the slug of the URL, if it is of the day in the URL.
    ///
    /// - Parameter request: the request.
    /// - Returns: the object.
    /// - Throws: `HTTPError.notFound` where there is none, or the day is in the future.
    public func object(_ request: Request) async throws -> Object {
        let day = try day(in: request)
        if !allowFuture, let today = CalendarDate.today(in: zone), day > today {
            throw HTTPError.notFound(
                "\(verboseNamePlural) of the future are not shown, as \(Self.self).allowFuture is "
                    + "false."
            )
        }
        return try await object(request, in: try await querySet(request).filter(try on(day)))
    }
}
