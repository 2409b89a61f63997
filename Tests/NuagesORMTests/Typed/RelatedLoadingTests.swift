import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Suite("Related rows of typed queries")
struct RelatedLoadingTests {
    @Test("Relations are selected along a path, and so is the way back of a one-to-one relation")
    func selectRelated() async throws {
        let database = try await PlacesDatabase.filled()
        let statements = try await sql(database) { () async throws in
            let places = try await Place.objects.selectRelated { $0.bar }.order(by: "id").all()
            #expect(places.map { $0.bar.loaded?.map(\.servesCocktails) } == [[false], []])
            let bar = try await Bar.objects.selectRelated { $0.place.bar }.get()
            #expect(bar.place.loaded?.name == "Demon Dogs")
            #expect(bar.place.loaded?.bar.loaded?.first?.id == bar.id)
        }
        #expect(
            statements == [
                """
                SELECT "places_place"."id", "places_place"."name", "places_place"."address", \
                "places_bar"."id", "places_bar"."place_id", "places_bar"."serves_cocktails" FROM \
                "places_place" LEFT OUTER JOIN "places_bar" ON ("places_place"."id" = \
                "places_bar"."place_id") ORDER BY "places_place"."id" ASC
                """,
                """
                SELECT "places_bar"."id", "places_bar"."place_id", \
                "places_bar"."serves_cocktails", "places_place"."id", "places_place"."name", \
                "places_place"."address", "T3"."id", "T3"."place_id", "T3"."serves_cocktails" FROM \
                "places_bar" INNER JOIN "places_place" ON ("places_bar"."place_id" = \
                "places_place"."id") LEFT OUTER JOIN "places_bar" "T3" ON ("places_place"."id" = \
                "T3"."place_id") LIMIT 21
                """,
            ]
        )
    }

    @Test("Relations of a child are selected though its columns follow those of its parent")
    func selectRelatedOfChild() async throws {
        let database = try await PlacesDatabase.filled()
        try await database.use {
            let lots = try await ParkingLot.objects.selectRelated { $0.mainSite }.all()
            #expect(lots.map { $0.place.name } == ["Lot"])
            #expect(lots.map { $0.mainSite.loaded?.name } == ["Demon Dogs"])
        }
    }

    /// Besides those of the database, one restaurant and an Italian one.
    private func restaurants() async throws -> Database {
        let database = try await PlacesDatabase.filled()
        try await database.use {
            let maker = try await Maker.objects.get()
            try await Restaurant.objects.create(
                Restaurant(
                    place: Place(name: "Grill", address: "2 St."),
                    rating: Rated(stars: 2, critic: maker.asReference),
                    servesPizza: false
                )
            )
            try await ItalianRestaurant.objects.create(
                ItalianRestaurant(
                    restaurant: Restaurant(
                        place: Place(name: "Da Ugo", address: "Rome"),
                        rating: Rated(stars: 3),
                        servesPizza: true
                    ),
                    servesGnocchi: false
                )
            )
        }
        return database
    }

    @Test("The rows of children are selected with those of their parents, where there are any")
    func selectRelatedChildren() async throws {
        let database = try await restaurants()
        let statements = try await sql(database) { () async throws in
            let places = try await Place.objects.selectRelated { $0.restaurant.italian }
                .order(by: "id").all()
            #expect(places.map(\.name) == ["Demon Dogs", "Lot", "Grill", "Da Ugo"])
            let children = places.map { $0.restaurant.loaded?.first }
            #expect(children.map { $0?.name } == [nil, nil, "Grill", "Da Ugo"])
            #expect(children.map { $0?.id.value } == [nil, nil, 3, 4])
            #expect(children.map { $0?.stars } == [nil, nil, 2, 3])
            #expect(children.map { $0?.servesPizza } == [nil, nil, false, true])
            let italian = children.map { $0?.italian.loaded?.first }
            #expect(italian.map { $0?.name } == [nil, nil, nil, "Da Ugo"])
            #expect(italian.map { $0?.stars } == [nil, nil, nil, 3])
            #expect(italian.map { $0?.servesGnocchi } == [nil, nil, nil, false])
            // What is not there is known too.
            let none = try await places[0].restaurant.find()
            #expect(none == nil)
            await #expect(throws: ModelError.doesNotExist(model: "Restaurant")) {
                try await places[0].restaurant.get()
            }
        }
        #expect(
            statements == [
                """
                SELECT "places_place"."id", "places_place"."name", "places_place"."address", \
                "my_restaurant"."place_ptr_id", "my_restaurant"."stars", \
                "my_restaurant"."critic_id", "my_restaurant"."serves_pizza", \
                "places_italianrestaurant"."restaurant_ptr_id", \
                "places_italianrestaurant"."serves_gnocchi" FROM "places_place" LEFT OUTER JOIN \
                "my_restaurant" ON ("places_place"."id" = "my_restaurant"."place_ptr_id") LEFT \
                OUTER JOIN "places_italianrestaurant" ON ("my_restaurant"."place_ptr_id" = \
                "places_italianrestaurant"."restaurant_ptr_id") ORDER BY "places_place"."id" ASC
                """
            ]
        )
    }

    @Test("Children are selected beside other relations, behind them, and beside annotations")
    func selectRelatedChildrenBesideOthers() async throws {
        let database = try await restaurants()
        try await database.use { () async throws in
            let grill = try await Place.objects.filter { $0.name == "Grill" }.get()
            try await Bar.objects.create(Bar(place: grill))
            let places = try await Place.objects
                .selectRelated { ($0.restaurant.critic, $0.restaurant.italian, $0.bar) }
                .order(by: "id").all()
            #expect(places.map { $0.bar.loaded?.count } == [1, 0, 1, 0])
            #expect(places.map { $0.restaurant.loaded?.count } == [0, 0, 1, 1])
            let critics = places.map { $0.restaurant.loaded?.first?.critic?.loaded?.name }
            #expect(critics == [nil, nil, "M", nil])
            let bars = try await Bar.objects.selectRelated { $0.place.restaurant }.order(by: "id")
                .all()
            let behind = bars.map { $0.place.loaded?.restaurant.loaded?.map(\.name) }
            #expect(behind == [[], ["Grill"]])
            let lengths = try await Place.objects.order(by: "id")
                .selectRelated { ($0.bar, $0.restaurant) }.annotate { $0.name.length }.all()
            #expect(lengths.map(\.1) == [10, 3, 5, 6])
            #expect(lengths.map { $0.0.restaurant.loaded?.first?.stars } == [nil, nil, 2, 3])
            #expect(lengths.map { $0.0.bar.loaded?.count } == [1, 0, 1, 0])
            let first = try await Place.objects.order(by: "id").selectRelated { $0.restaurant }
                .annotate { ($0.name.length, $0.address) }.all()
            #expect(first.map { $0.1.1 } == ["944 W.", "1 St.", "2 St.", "Rome"])
            #expect(
                first.map { $0.0.restaurant.loaded?.first?.name } == [nil, nil, "Grill", "Da Ugo"]
            )
            // From the child back to the parent it is one row.
            let restaurants = try await Restaurant.objects.selectRelated { $0.italian }
                .order(by: "-stars").all()
            #expect(restaurants.map { $0.italian.loaded?.first?.name } == ["Da Ugo", nil])
            let prefetched = try await Place.objects.order(by: "id").prefetch(\.restaurant).all()
            #expect(prefetched.map { $0.restaurant.loaded?.first?.stars } == [nil, nil, 2, 3])
        }
    }

    @Test("A set of related rows is prefetched filtered, ordered and with a limit for each row")
    func prefetchSet() async throws {
        let database = try await TestDatabase.filled()
        let statements = try await sql(database) { () async throws in
            let best = Choice.objects.filter { $0.votes > 0 }.order { $0.votes.descending }.limit(1)
            let questions = try await Question.objects.order(by: "id").prefetch(\.choices, best)
                .all()
            #expect(
                questions.map { $0.choices.loaded?.map(\.choiceText) } == [
                    ["The sky"], ["No_way"], [],
                ]
            )
            // The rows know what they belong to.
            let choice = questions[0].choices.loaded?.first
            #expect(choice?.question.loaded?.questionText == "What's new?")
        }
        #expect(statements.count == 2)
        #expect(
            statements[1].contains(
                """
                ROW_NUMBER() OVER (PARTITION BY "polls_choice"."question_id" ORDER BY \
                "polls_choice"."votes" DESC)
                """
            )
        )
    }

    @Test("Prefetches are nested, also through foreign keys")
    func nestedPrefetch() async throws {
        let database = try await TestDatabase.filled()
        let statements = try await sql(database) { () async throws in
            let books = try await Book.objects.prefetch(\.author, Author.objects.prefetch(\.books))
                .order(by: "id").all()
            #expect(books.map { $0.author?.loaded?.books.loaded?.count } == [2, 2, nil])
            let editors = try await Book.objects.prefetch(\.editor).order(by: "id").all()
            #expect(editors.map { $0.editor?.loaded?.name } == [nil, "Stéphane", nil])
        }
        #expect(statements.count == 5)
        #expect(
            statements[1]
                == #"SELECT … FROM "polls_author" WHERE "polls_author"."id" IN (?)"#
        )
    }

    @Test("Many-to-many relations are prefetched both ways")
    func prefetchManyToMany() async throws {
        let database = try await PlacesDatabase.filled()
        let statements = try await sql(database) { () async throws in
            let clubs = try await Club.objects.order(by: "id").prefetch(\.members).all()
            #expect(clubs.map { $0.members.loaded?.map(\.name) } == [["Ann", "Bob"], []])
            let people = try await Person.objects.order(by: "id")
                .prefetch(\.clubs, Club.objects.prefetch(\.members)).prefetch(\.friends).all()
            #expect(people.map { $0.clubs.loaded?.count } == [1, 1, 0])
            #expect(people.first?.clubs.loaded?.first?.members.loaded?.count == 2)
            #expect(people.map { $0.friends.loaded?.map(\.name) } == [["Eve"], [], ["Ann"]])
        }
        #expect(statements.count == 6)
    }

    @Test("The row back along a one-to-one relation is prefetched")
    func prefetchOne() async throws {
        let database = try await PlacesDatabase.filled()
        let statements = try await sql(database) { () async throws in
            let places = try await Place.objects.order(by: "id").prefetch(\.bar).all()
            #expect(places.map { $0.bar.loaded?.count } == [1, 0])
            let children = try await TenantComment.objects.prefetch(\.user).all()
            #expect(children.map { $0.user.loaded?.map(\.email) } == [["a@b.c"]])
        }
        #expect(statements.count == 4)
    }

    @Test("Rows come with others beside what their property holds")
    func besideTheProperty() async throws {
        let database = try await TestDatabase.filled()
        try await database.use { () async throws in
            let set = Question.objects.order(by: "id")
            let few = Choice.objects.filter { $0.votes < 2 }
            let rows = try await set.all(with: \.choices, few)
            #expect(rows.map { $0.1.map(\.choiceText) } == [["Just hacking"], ["Yes"], []])
            #expect(rows[0].0.choices.loaded == nil)
            var questions = try await set.all()
            try await questions.prefetch { $0.prefetch(\.choices) }
            #expect(questions.map { $0.choices.loaded?.count } == [3, 2, 0])
            let both = try await set.prefetch(\.choices).annotate { $0.choices.count() }.all()
            #expect(both.map { $0.0.choices.loaded?.count } == both.map(\.1))
        }
    }

    @Test("What is not loaded is fetched for all rows at once, or not at all")
    func fetchModes() async throws {
        let database = try await TestDatabase.filled()
        let statements = try await sql(database) { () async throws in
            for choice in try await Choice.objects.fetchMode(.peers).order(by: "id").all() {
                #expect(try await choice.question.get().id == choice.question.id)
                #expect(choice.question.loaded != nil)
            }
        }
        #expect(
            statements == [
                #"SELECT … FROM "polls_choice" ORDER BY "polls_choice"."id" ASC"#,
                #"SELECT … FROM "polls_question" WHERE "polls_question"."id" IN (?, ?)"#,
            ]
        )
        try await database.use { () async throws in
            let blocked = try await Choice.objects.fetchMode(.raises).order(by: "id").all()
            await #expect(throws: ModelError.fetchBlocked(model: "Question")) {
                try await blocked[0].question.get()
            }
            let loaded = try await Choice.objects.fetchMode(.raises).selectRelated(\.question)
                .order(by: "id").all()
            #expect(try await loaded[0].question.get().id == 1)
        }
    }

    @Test("Rows with some fields tell what is missing, fetch it, and save what they have")
    func partialRows() async throws {
        let database = try await TestDatabase.filled()
        let statements = try await sql(database) { () async throws in
            var rows = try await Question.objects.only { $0.questionText }.order(by: "id").all()
            #expect(rows.map(\.deferredNames) == [["pub_date"], ["pub_date"], ["pub_date"]])
            #expect(try rows[1].id == 2)
            #expect(try rows[1].questionText.value == "100% <sure>")
            #expect(!rows[1].pubDate.isLoaded)
            #expect(throws: FieldError.notLoaded(field: "pub_date", model: "Question")) {
                try rows[1].pubDate.value
            }
            #expect(try await rows[1].pubDate.get() == TestDatabase.day(1))
            rows[1].set(\.questionText, to: "Sure?")
            try await rows[1].save()
            #expect(try await rows[1].complete().questionText == "Sure?")
        }
        #expect(
            statements == [
                """
                SELECT "polls_question"."id", "polls_question"."question_text" FROM \
                "polls_question" ORDER BY "polls_question"."id" ASC
                """,
                """
                SELECT "polls_question"."id", "polls_question"."pub_date" FROM "polls_question" \
                WHERE "polls_question"."id" = ? LIMIT 21
                """,
                """
                UPDATE "polls_question" SET "question_text" = ? WHERE "polls_question"."id" = ?
                """,
                #"SELECT … FROM "polls_question" WHERE "polls_question"."id" = ? LIMIT 21"#,
            ]
        )
    }

    @Test("A field that is missing is fetched for all rows, or not at all, by the fetch mode")
    func partialRowsWithModes() async throws {
        let database = try await TestDatabase.filled()
        let statements = try await sql(database) { () async throws in
            let rows = try await Choice.objects.fetchMode(.peers).deferring { $0.votes }.all()
            var sum = 0
            for row in rows { sum += try await row.votes.get() }
            #expect(sum == 16)
            #expect(try rows.map { try $0.question.id.value } == [1, 1, 1, 2, 2])
        }
        #expect(statements.count == 2)
        try await database.use { () async throws in
            let row = try await Choice.objects.fetchMode(.raises).only { $0.votes }.get(2)
            #expect(try row.votes.value == 7)
            await #expect(throws: ModelError.fetchBlocked(model: "Choice")) {
                try await row.choiceText.get()
            }
        }
    }
}
