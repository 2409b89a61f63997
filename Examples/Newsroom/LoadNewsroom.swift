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
        (
            title: "The lighthouse keeper’s log", slug: "lighthouse-log",
            summary: "Forty years of wind, one line a day.",
            body: "The first line says: calm. So does the last."
        ),
        (
            title: "A piano tuned by the sea", slug: "piano-by-the-sea",
            summary: "Salt, strings and a patient ear.",
            body: "Every Monday it is out of tune again.\n\nEvery Monday somebody comes."
        ),
        (
            title: "Counting swifts", slug: "counting-swifts",
            summary: "They are back, and there are more of them.",
            body: "We counted two hundred above the market."
        ),
        (
            title: "The map of noises", slug: "map-of-noises",
            summary: "Where the city is loud, and when.",
            body: "The quietest street is behind the hospital."
        ),
        (
            title: "Snow in May", slug: "snow-in-may",
            summary: "It melted by noon.",
            body: "The cherry trees did not mind."
        ),
        (
            title: "How a barometer is mended", slug: "mending-a-barometer",
            summary: "With a feather, mercury and time.",
            body: "The glass is a hundred years old."
        ),
        (
            title: "Songs of the night trains", slug: "night-trains",
            summary: "A conductor has written them down.",
            body: "There is one for each line."
        ),
        (
            title: "The ice on the lake", slug: "ice-on-the-lake",
            summary: "Ten centimetres carry a person.",
            body: "Ask the warden before you go."
        ),
        (
            title: "What the thunder measures", slug: "thunder",
            summary: "Count the seconds and divide by three.",
            body: "That is how many kilometres away it is."
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
