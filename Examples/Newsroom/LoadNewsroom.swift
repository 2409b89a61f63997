import Nuages

/// Loads articles to try the site with; does nothing where there are some already.
struct LoadNewsroom: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "loadnewsroom",
        abstract: "Loads sample authors, tags and articles into an empty site."
    )

    private static let authors = ["Ada Byron", "أمينة الصباح", "Jürgen Müller"]
    private static let tags = [
        ("Science", "science"), ("Weather", "weather"), ("Music & noise", "music-noise"),
    ]
    private static let articles = [
        (
            title: "Clouds over the bay", slug: "clouds-over-the-bay",
            summary: "Five kinds of clouds in one afternoon.",
            body: "It began with cirrus.\n\nBy noon the sky had every kind that the atlas knows."
        ),
        (
            title: "An engine that weaves", slug: "an-engine-that-weaves",
            summary: "On numbers, looms and <b>patience</b>.",
            body:
                "The engine has no pretensions to originate anything.\n\nIt can do whatever we know how to order it."
        ),
        (
            title: "أمطار في الصحراء", slug: "rain-in-the-desert",
            summary: "المطر الأول منذ ثلاث سنوات.", body: "نزل المطر في الليل."
        ),
    ]

    func run() async throws {
        guard try await !Article.objects.exists() else {
            print("There are articles already; nothing was loaded.")
            return
        }
        try await atomic {
            let authors = try await Author.objects.bulkCreate(Self.authors.map { Author(name: $0) })
            let tags = try await Tag.objects.bulkCreate(
                Self.tags.map { Tag(name: $0.0, slug: $0.1) }
            )
            for (number, sample) in Self.articles.enumerated() {
                var article = Article(
                    title: sample.title,
                    slug: sample.slug,
                    author: authors[number % authors.count].asReference,
                    summary: sample.summary,
                    body: sample.body,
                    status: .published
                )
                try await article.save()
                try await article.tags.add(tags[number % tags.count])
            }
        }
        print("Loaded \(Self.articles.count) articles.")
    }
}
