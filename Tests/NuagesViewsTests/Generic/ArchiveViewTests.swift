import Nuages
import NuagesTesting
import Testing

private struct Archive: ArchiveIndexView {
    let model = Article.self
    var allowFuture = false
    var allowEmpty = false
    var paginateBy: Int?
    var dateField: ArchiveDate<Article> { ArchiveDate(\.pubDate) }
}

private struct DayArchiveIndex: ArchiveIndexView {
    let model = Article.self
    let dateListPeriod = DatePeriod.month
    var dateField: ArchiveDate<Article> { ArchiveDate(\.day) }
}

private struct YearArchive: YearArchiveView {
    let model = Article.self
    var makeObjectList = false
    var allowEmpty = false
    var allowFuture = false
    var dateField: ArchiveDate<Article> { ArchiveDate(\.pubDate) }
}

private struct MonthArchive: MonthArchiveView {
    let model = Article.self
    var monthFormat = "%b"
    var allowEmpty = false
    var dateField: ArchiveDate<Article> { ArchiveDate(\.pubDate) }
}

private struct WeekArchive: WeekArchiveView {
    let model = Article.self
    var weekFormat = "%U"
    var yearFormat = "%Y"
    var dateField: ArchiveDate<Article> { ArchiveDate(\.pubDate) }
}

private struct DayArchive: DayArchiveView {
    let model = Article.self
    let monthFormat = "%m"
    var dateField: ArchiveDate<Article> { ArchiveDate(\.pubDate) }
}

private struct TodayArchive: TodayArchiveView {
    let model = Article.self
    var allowEmpty = false
    var dateField: ArchiveDate<Article> { ArchiveDate(\.pubDate) }
}

private struct ArticleOfDay: DateDetailView {
    let model = Article.self
    let monthFormat = "%m"
    var allowFuture = false
    var dateField: ArchiveDate<Article> { ArchiveDate(\.pubDate) }
}

@Suite struct ArchiveViewTests {
    private static let list = "{% for a in object_list %}{{ a.title }},{% endfor %}"
    private static let dates = #"{% for d in date_list %}{{ d|date:"Y-m-d" }},{% endfor %}"#

    private static func neighbours(_ name: String) -> String {
        #"{{ previous_\#(name)|date:"Y-m-d" }}<{{ \#(name)|date:"Y-m-d" }}<{{ next_\#(name)|date:"Y-m-d" }}"#
    }

    private func withArchive(
        zone: String = "UTC",
        articles: [(String, String)] = Self.articles,
        _ body: (TestClient) async throws -> Void
    ) async throws {
        let setZone: (inout Settings) -> Void = { $0.timeZone = zone }
        try await withNewsSite(
            templates: [
                "news/article_archive.html":
                    "\(Self.dates) {% for a in latest %}{{ a.title }},{% endfor %}",
                "news/article_archive_year.html":
                    "\(Self.dates) \(Self.list) \(Self.neighbours("year"))",
                "news/article_archive_month.html":
                    "\(Self.dates) \(Self.list) \(Self.neighbours("month"))",
                "news/article_archive_week.html": "\(Self.list) \(Self.neighbours("week"))",
                "news/article_archive_day.html":
                    "\(Self.list) \(Self.neighbours("day")) {{ previous_month|date:\"Y-m\" }}",
                "news/article_detail.html": "{{ article.title }}",
            ],
            configure: setZone,
            routes: Self.routes
        ) { client in
            for (title, moment) in articles { try await makeArticle(title, moment) }
            try await body(client)
        }
    }

    private static let articles = [
        ("Old", "2024-02-29 12:00"), ("Eve", "2025-12-31 23:30"), ("New", "2026-01-01 08:00"),
        ("Later", "2026-01-04 08:00"), ("Spring", "2026-03-01 08:00"), ("Far", "2999-01-01 08:00"),
    ]

    @RoutesBuilder private static var routes: Routes {
        #path("archive/", Archive())
        #path("future/", Archive(allowFuture: true))
        #path("empty/", Archive(allowEmpty: true))
        #path("paged/", Archive(paginateBy: 2))
        #path("days/", DayArchiveIndex())
        #path("<int:year>/", YearArchive())
        #path("full/<int:year>/", YearArchive(makeObjectList: true))
        #path("open/<int:year>/", YearArchive(makeObjectList: true, allowEmpty: true))
        #path("any/<int:year>/", YearArchive(allowEmpty: true, allowFuture: true))
        #path("year/", YearArchive())
        #path("<int:year>/<slug:month>/", MonthArchive())
        #path("number/<int:year>/<int:month>/", MonthArchive(monthFormat: "%m"))
        #path("<int:year>/week/<int:week>/", WeekArchive())
        #path("monday/<int:year>/week/<int:week>/", WeekArchive(weekFormat: "%W"))
        #path("iso/<int:year>/week/<int:week>/", WeekArchive(weekFormat: "%V", yearFormat: "%G"))
        #path("bad/<int:year>/week/<int:week>/", WeekArchive(weekFormat: "%V"))
        #path("day/<int:year>/<int:month>/<int:day>/", DayArchive())
        #path("today/", TodayArchive())
        #path("today/empty/", TodayArchive(allowEmpty: true))
        #path("of/<int:year>/<int:month>/<int:day>/<int:pk>/", ArticleOfDay())
        #path("coming/<int:year>/<int:month>/<int:day>/<int:pk>/", ArticleOfDay(allowFuture: true))
    }

    @Test(arguments: [
        ("/archive/", "2026-01-01,2025-01-01,2024-01-01, Spring,Later,New,Eve,Old,"),
        ("/future/", "2999-01-01,2026-01-01,2025-01-01,2024-01-01, Far,Spring,Later,New,Eve,Old,"),
        ("/paged/", "2026-01-01,2025-01-01,2024-01-01, Spring,Later,"),
        ("/2026/", "2026-01-01,2026-03-01,  2025-01-01<2026-01-01<"),
        ("/full/2026/", "2026-01-01,2026-03-01, Spring,Later,New, 2025-01-01<2026-01-01<"),
        ("/2024/", "2024-02-01,  <2024-01-01<2025-01-01"),
        ("/open/2020/", "  2019-01-01<2020-01-01<2021-01-01"),
        ("/any/3000/", "  2999-01-01<3000-01-01<3001-01-01"),
        ("/year/?year=2024", "2024-02-01,  <2024-01-01<2025-01-01"),
        ("/2026/jan/", "2026-01-01,2026-01-04, Later,New, 2025-12-01<2026-01-01<2026-03-01"),
        ("/2026/JAN/", "2026-01-01,2026-01-04, Later,New, 2025-12-01<2026-01-01<2026-03-01"),
        ("/number/2026/3/", "2026-03-01, Spring, 2026-01-01<2026-03-01<"),
        // The first Sunday of 2026 is the fourth of January.
        ("/2026/week/0/", "New,Eve, 2024-02-25<2025-12-28<2026-01-04"),
        ("/2026/week/1/", "Later, 2025-12-28<2026-01-04<2026-03-01"),
        ("/monday/2026/week/0/", "Later,New,Eve, 2024-02-26<2025-12-29<2026-02-23"),
        ("/iso/2026/week/1/", "Later,New,Eve, 2024-02-26<2025-12-29<2026-02-23"),
        ("/day/2026/1/1/", "New, 2025-12-31<2026-01-01<2026-01-04 2025-12"),
        ("/of/2024/2/29/1/", "Old"), ("/coming/2999/1/1/6/", "Far"),
    ])
    func shows(_ path: String, text: String) async throws {
        try await withArchive { client in
            let page = try await client.get(path)
            #expect(page.status == 200)
            #expect(page.text == text)
        }
    }

    @Test(arguments: [
        "/2023/", "/3000/", "/year/", "/year/?year=x", "/year/?year=20244", "/2026/feb/",
        "/2026/xyz/", "/2026/week/54/", "/2026/week/30/", "/iso/2025/week/53/", "/day/2026/2/30/",
        "/day/2026/1/2/", "/today/", "/of/2024/2/28/1/", "/of/2999/1/1/6/", "/2999/", "/9999/",
        "/day/9999/12/31/", "/0/", "/any/9999/",
    ])
    func hasNoPage(_ path: String) async throws {
        try await withArchive { client in
            let found = try await client.get(path).status
            #expect(found == 404)
        }
    }

    @Test func refusesFormatsThatDoNotGoTogether() async throws {
        try await withArchive { client in
            let found = try await client.get("/bad/2026/week/1/").status
            #expect(found == 500)
        }
    }

    @Test func showsAnEmptyArchiveWhereItMay() async throws {
        try await withArchive(articles: []) { client in
            let found12 = try await client.get("/archive/").status
            #expect(found12 == 404)
            let found13 = try await client.get("/empty/").text
            #expect(found13 == " ")
            let found14 = try await client.get("/today/empty/").status
            #expect(found14 == 200)
        }
    }

    @Test func countsDaysOnTheClocksOfTheSite() async throws {
        // 23:30 in UTC is the next day, and the next year, in Paris.
        try await withArchive(zone: "Europe/Paris") { client in
            let year = try await client.get("/full/2026/")
            #expect(
                year.text
                    == "2026-01-01,2026-03-01, Spring,Later,New,Eve, 2024-01-01<2026-01-01<"
            )
            let found15 = try await client.get("/2025/").status
            #expect(found15 == 404)
            let day = try await client.get("/day/2026/1/1/")
            #expect(day.text == "New,Eve, 2024-02-29<2026-01-01<2026-01-04 2024-02")
        }
    }

    @Test func goesByADayWithoutTime() async throws {
        try await withArchive(articles: []) { client in
            try await makeArticle(
                "A",
                "2026-01-01 12:00",
                day: CalendarDate(year: 2024, month: 2, day: 29)
            )
            try await makeArticle(
                "B",
                "2026-01-01 12:00",
                day: CalendarDate(year: 2024, month: 2, day: 1)
            )
            try await makeArticle(
                "C",
                "2026-01-01 12:00",
                day: CalendarDate(year: 2025, month: 5, day: 5)
            )
            try await makeArticle("D", "2026-01-01 12:00")
            let page = try await client.get("/days/")
            #expect(page.text == "2025-05-01,2024-02-01, C,A,B,")
        }
    }
}
