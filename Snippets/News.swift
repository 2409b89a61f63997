// Class-based views and pages of lists: what the guides quote.
import Nuages

@Model(app: "news", ordering: ["-pub_date"])
struct Story {
    @Field(maxLength: 200) var headline: String
    @Field(kind: .slugField) var slug: String
    var pubDate: Date
}

struct StoryList: ListView {
    let model = Story.self
    let paginateBy: Int? = 10
}

struct StoryDetail: DetailView {
    let model = Story.self

    func extraContext(_ request: Request) async throws -> ContextDictionary {
        ["latest": try await Story.objects.limit(5).all()]
    }
}

struct StoriesOfMonth: MonthArchiveView {
    let model = Story.self
    let monthFormat = "%m"
    var dateField: ArchiveDate<Story> { ArchiveDate(\.pubDate) }
}

struct Greeting: GetHandler {
    let year: Int

    func get(_ request: Request) async throws -> Response {
        .text("Happy \(year)!")
    }
}

@Form
struct TipForm {
    @CharField(maxLength: 500, widget: .textarea) var tip: String
}

struct Tip: FormView {
    let templateName: String? = "news/tip.html"
    let successURL: String? = "/news/"

    func formValid(_ form: TipForm, _ request: Request) async throws -> Response {
        // Here the tip is passed on.
        try await succeeded(form, request)
    }
}

struct OldStory: RedirectView {
    let patternName: String? = "news:detail"
    let isPermanent = true
}

let news = Routes(namespace: "news") {
    #path("", StoryList(), name: "index")
    #path("<int:pk>/", StoryDetail(), name: "detail")
    #path("<int:year>/<int:month>/", StoriesOfMonth(), name: "month")
    #path("greeting/<int:year>/", Greeting.init)
    #path("tip/", Tip(), name: "tip")
    #path("story/<int:pk>/", OldStory())
}

func stories(_ request: Request) async throws -> Response {
    let paginator = Paginator(Story.objects.order { $0.pubDate.descending }, perPage: 10)
    let page = try await paginator.getPage(request.query["page"])
    return try await render(request, "news/stories.html", ["page_obj": page])
}

print(news.routes.count)
