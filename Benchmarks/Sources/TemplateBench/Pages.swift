import FoundationEssentials
import Nuages

/// A row of the page.
@TemplateContext
struct Item {
    let id: Int
    let name: String
    let category: Category
    let price: Double
    let created: Date
    let description: String
    let note: String
    let active: Bool
}

/// What an item belongs to.
@TemplateContext
struct Category {
    let id: Int
    let name: String
}

/// Who reads the page.
@TemplateContext
struct Reader {
    let username = "bench"
    let firstName = "Ben"
    let lastName = "Ch <b>"
    let isAuthenticated = true
}

/// What `bench/page.html` shows: 50 items.
@TemplateContext("bench/page.html")
struct ItemsPage {
    let items: [Item]
    let heading = "all the items"
    let nav = [
        ["Home", "page"], ["Form", "form"], ["Log in", "login"], ["Done", "form-done"],
        ["Upload", "upload"],
    ]
    let messages: [String] = []
    let user = Reader()

    private static let adjectives = [
        "small", "large", "red", "quiet", "rapid", "smooth", "plain", "heavy", "bright", "round",
    ]
    private static let nouns = [
        "lamp", "desk", "chair", "shelf", "clock", "basket", "mirror", "carpet", "drawer", "stool",
    ]
    private static let words = [
        "lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit", "sed", "do",
        "eiusmod", "tempor", "incididunt", "ut", "labore", "et", "dolore", "magna", "aliqua",
    ]

    /// The items of the kit's data set.
    static var sample: ItemsPage {
        ItemsPage(items: (1...58).filter { $0 % 7 != 0 }.map(item))
    }

    private static func item(_ number: Int) -> Item {
        let category = number % 20 + 1
        let kind = ["goods", "things & more"][category % 2]
        return Item(
            id: number,
            name: "\(adjectives[number % 10]) \(nouns[number / 10 % 10]) <\(number)> & \"co\"",
            category: Category(id: category, name: "\(adjectives[category % 10]) \(kind)"),
            price: Double(number * 37 % 100_000) / 100,
            created: Date(
                timeIntervalSince1970: Double(1_767_225_600 + number * 2_220 + number % 60)
            ),
            description: (0..<(6 + number % 9)).map { words[(number + $0) % words.count] }
                .joined(separator: " "),
            note: number % 3 == 0 ? "note \(number)'s" : "",
            active: true
        )
    }
}

/// A row of the fortunes.
@TemplateContext
struct Fortune {
    let id: Int
    let message: String
}

/// What `bench/fortunes.html` shows.
@TemplateContext("bench/fortunes.html")
struct FortunesPage {
    let fortunes: [Fortune]

    /// The kit's fortunes in the order of their texts.
    static var sample: FortunesPage {
        let messages = [
            "Additional fortune added at request time.", "fortune: No such file or directory",
            "A computer scientist is someone who fixes things that aren't broken.",
            "After enough decimal places, nobody gives a damn.",
            "A bad random number generator: 1, 1, 1, 1, 1, 4.33e+67, 1, 1, 1",
            "A computer program does what you tell it to do, not what you want it to do.",
            "Emacs is a nice operating system, but I prefer UNIX. — Tom Christaensen",
            "Any program that runs right is obsolete.",
            "A list is only as strong as its weakest link. — Donald Knuth",
            "Feature: A bug with seniority.", "Computers make very fast, very accurate mistakes.",
            "<script>alert(\"This should not be displayed in a browser alert box.\");</script>",
            "フレームワークのベンチマーク",
        ]
        let rows = messages.enumerated().map { Fortune(id: $0, message: $1) }
        return FortunesPage(
            fortunes: rows.sorted { $0.message.utf8.lexicographicallyPrecedes($1.message.utf8) }
        )
    }
}
