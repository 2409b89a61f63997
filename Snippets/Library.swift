// Models, queries, transactions and a data migration: what the guides quote.
import Nuages

enum Status: String, FieldChoices {
    case draft
    case inReview
    case published
}

@Model(app: "library", ordering: ["name"], verboseNamePlural: "people")
struct Person {
    @Field(maxLength: 100) var name: String
    @Field(kind: .emailField, unique: true) var email: String
    @Reverse(\Book.author) var books: RelatedSet<Book>
}

@Model(
    app: "library",
    ordering: ["-published"],
    indexes: [IndexSchema(["author", "-published"])],
    constraints: [.check(name: "price_not_negative", condition: Q("price__gte", 0))]
)
struct Book {
    @ForeignKey(onDelete: .cascade) var author: Person.Reference
    @ForeignKey(onDelete: .setNull) var editor: Person.Reference?
    @Field("title of the book", maxLength: 200) var title: String
    @Field(maxDigits: 8, decimalPlaces: 2) var price: Decimal
    var status = Status.draft
    var published: CalendarDate?
    var sold = 0
    @Field(autoNow: true) var changed: Date
}

extension QuerySet<Book> {
    /// The books that are in the shops.
    var inShops: Self { filter { $0.status == .published } }
}

struct BookShop {
    func reading() async throws {
        let cheap = try await Book.objects.inShops
            .filter { $0.price < 20 && $0.title.contains("Swift") }
            .order { [$0.price.ascending, $0.title.ascending] }
            .limit(10)
            .all()
        let fromAda = Book.objects.filter { $0.author.name == "Ada" }
        let withBestseller = Person.objects.filter { $0.books.sold > 10_000 }.distinct()
        let dynamic = Book.objects.filter(lookups: [
            "author__name__istartswith": "a", "published__year": 2026,
        ])
        print(cheap.count, fromAda, withBestseller, dynamic)
    }

    func relations() async throws {
        let books = try await Book.objects.selectRelated(\.author).all()
        for book in books { print(book.author.loaded?.name ?? "") }

        let people = try await Person.objects.prefetch(\.books).all()
        for person in people { print(person.name, person.books.loaded?.count ?? 0) }
    }

    func values() async throws {
        for (name, sold) in try await Person.objects.values({ ($0.name, $0.books.sold.sum()) }) {
            print(name, sold ?? 0)
        }
        let average = try await Book.objects.inShops.aggregate { $0.price.average() }
        print(average ?? 0)
    }

    func annotating() async throws {
        let writers = try await Person.objects
            .annotate { ($0.books.count(), $0.books.price.average()) }
            .filter { $0.values.0 > 3 && $0.name != "Ada" }
            .order { $0.values.1.descending }
            .all()
        for (person, (count, price)) in writers { print(person.name, count, price ?? 0) }

        let sales = try await Book.objects.order(by: [])
            .selecting { $0.author.name }
            .annotate { ($0.id.count(), $0.sold.sum(default: 0)) }
            .filter { $0.values.1.0 > 1 }
            .all()
        for (author, (count, sold)) in sales { print(author, count, sold) }

        let busy = Person.objects.alias {
            $0.books.sold.sum()
        } in: { people, sold in
            people.filter { _ in sold > 1000 }.order { _ in sold.descending }
        }
        let inPrint = Person.objects.filteredRelation {
            $0.books
        } where: {
            $0.status == .published
        } in: { people, books in
            people.annotate { _ in books.count() }
        }
        print(busy, inPrint)
    }

    func expressions() async throws {
        let labels = try await Book.objects.selecting {
            Case(when: $0.sold > 1000, then: "hot").when($0.sold > 10, then: "warm")
                .otherwise("cold")
        }.all()
        let unpublished = Person.objects.filter { person in
            !Functions.exists(
                Book.objects.filter { $0.author == person.outer && $0.status == .published }
            )
        }
        let newest = try await Person.objects.annotate { person in
            Book.objects.filter { $0.author == person.outer }
                .order { $0.published.descending }.limit(1).selecting { $0.title }.value
        }.all()
        let best = try await Book.objects.annotate {
            Functions.rank().over(partition: [$0.author.id], order: [$0.sold.descending])
        }.filter { $0.values == 1 }.all()
        let popular = Book.objects.filter { $0.sold > 1000 }
        let either = popular | Book.objects.filter { $0.price < 5 }
        print(labels, unpublished, newest.count, best.count, either)
    }

    func loading() async throws {
        let top = Book.objects.order { $0.sold.descending }.limit(3)
        let people = try await Person.objects.prefetch(\.books, top.prefetch(\.editor)).all()
        for person in people { print(person.name, person.books.loaded?.first?.title ?? "") }

        let titles = try await Book.objects.only { ($0.title, $0.author) }.all()
        for book in titles { print(try book.title.value, try await book.price.get()) }

        for book in try await Book.objects.fetchMode(.peers).all() {
            print(try await book.author.get().name)  // one query for all authors
        }

        let cheap = Book.objects.filter { $0.price < 5 }
        let lists = try await QuerySet.all(of: [top, cheap])
        print(lists[0].count, lists[1].count)
    }

    func managing(_ ada: Person, _ notes: Book) async throws {
        try await ada.books.add(notes)
        let (book, isNew) = try await ada.books.getOrCreate(
            Book(author: ada, title: "Notes", price: 12)
        ) { $0.title == "Notes" }
        var changed = book
        changed.sold += 1
        try await changed.save { $0.sold }
        try await changed.refresh { ($0.sold, $0.status) }
        try await changed.fullClean()
        let next = try await changed.next { $0.changed }
        try await Person.objects.bulkCreate(
            [ada],
            onConflict: .update({ $0.name }, unique: { $0.email })
        )
        print(isNew, next.title)
    }

    func writing() async throws {
        var ada = Person(name: "Ada", email: "ada@example.com")
        try await ada.save()
        let book = try await Book.objects.create(
            Book(author: ada, title: "Notes", price: 12)
        )
        try await Book.objects.filter { $0.id == book.id }.update { $0.sold += 1 }
        try await Book.objects.filter { $0.status == .draft }.delete()
    }

    func ordering(_ id: Book.ID) async throws {
        try await atomic {
            var book = try await Book.objects.get(id)
            book.status = .published
            try await book.save()
            try await Database.current.onCommit {
                print("Only told once it is true.")
            }
        }
    }

    func rawSQL(_ year: Int) async throws {
        let rows = try await Database.current.rows(
            "SELECT title, sold FROM library_book WHERE published >= \("\(year)-01-01")"
        )
        let books = try await Book.raw("SELECT * FROM library_book WHERE sold > \(1000)").all()
        let named = try await Database.current.namedRows("SELECT title, sold FROM library_book")
        let names = named.columns
        let even = try await Book.objects.filter { RawSQL<Bool>("\($0.sold) % \(2) = 0") }.all()
        print(rows, books.map(\.title), names, named.first?["sold"] ?? .null, even.count)
    }
}

struct LibraryApp: ModelApp {
    let label = "library"
    let models: [any Model.Type] = [Person.self, Book.self]
    let migrations = [lowercaseEmails]
}

let lowercaseEmails = Migration(
    app: "library",
    name: "0002_lowercase_emails",
    dependencies: [MigrationKey("library", "0001_initial")]
) {
    RunSwift("lower-case addresses") { data in
        let person = try data.model("Person")
        try await data.execute(
            "UPDATE \(identifier: person.table) SET email = lower(email)"
        )
    } backwards: { _ in
    }
}

@main
enum Program {
    static func main() {
        // There is no database here; an app's tests run such code inside withTestSite.
        print(Book.schema.table, Person.schema.table)
    }
}
