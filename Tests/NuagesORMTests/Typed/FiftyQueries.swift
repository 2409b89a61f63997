import FoundationEssentials
import NuagesCore
import NuagesORM

/// Fifty queries as sites have them: `Scripts/build-times` watches how long the compiler takes to
/// check their types.
enum FiftyQueries {
    static func conditions(_ name: String, _ id: Question.ID) -> [QuerySet<Question>] {
        [
            Question.objects.filter { $0.questionText == "What's new?" },
            Question.objects.filter { $0.questionText == name && $0.pubDate < .now },
            Question.objects.filter { $0.id == id || $0.questionText.hasPrefix("x") },
            Question.objects.filter { !$0.questionText.contains(name) && $0.choices.votes > 3 },
            Question.objects.exclude { $0.choices.votes.isIn([1, 2, 3]) },
            Question.objects.filter { $0.pubDate.year == 2026 && $0.pubDate.month >= 3 },
            Question.objects.filter { $0.choices.choiceText.matches("^[a-z]+$") },
            Question.objects.filter { $0.choices.isNull },
            Question.objects.filter { ($0.choices.votes > 3) ^ ($0.questionText == name) },
            Question.objects.filter { $0.questionText.lowercased.prefix(2) == "wh" },
            Question.objects.filter { $0.pubDate.part(.hour, in: "Asia/Tokyo") < 12 },
            Question.objects.filter { $0.questionText.length > 5 && $0.choices.votes * 2 > 3 },
        ]
    }

    static func books(_ author: Author) -> [QuerySet<Book>] {
        [
            Book.objects.filter { $0.author == author },
            Book.objects.filter { $0.author.name == "Django" && $0.price > 12.5 },
            Book.objects.filter { $0.price < 20 && $0.inPrint == true && $0.title != "x" },
            Book.objects.filter { $0.published == nil || $0.published.year == 2024 },
            Book.objects.filter { $0.author == $0.editor },
            Book.objects.filter { $0.title.contains($0.author.name) },
            Book.objects.filter { $0.price.ifNull(0) + 1 > 3 },
            Book.objects.exclude { $0.editor.name.isIn(["a", "b"]) }.distinct(),
            Book.objects.order { [$0.price.descending.nulls(.last), $0.title.ascending] },
            Book.objects.order { $0.author.name.lowercased.ascending }.limit(10, offset: 20),
            Book.objects.selectRelated { ($0.author, $0.editor) }.order { $0.title.ascending },
            Book.objects.prefetch(\.author, Author.objects.prefetch(\.books)),
            Book.objects.filter { $0.inPrint == true } | Book.objects.filter { $0.price > 5 },
            Book.objects.filter { $0.price > 5 }.union(Book.objects.filter { $0.price < 1 }),
            Book.objects.alias {
                $0.title.length
            } in: { books, length in
                books.filter { _ in length > 3 }.order { _ in length.descending }
            },
            Book.objects.filter { $0.id.isIn(Book.objects.selecting { $0.id }) },
        ]
    }

    static func authors() -> [QuerySet<Author>] {
        [
            Author.objects.filter { author in
                Functions.exists(Book.objects.filter { $0.author == author.outer })
            },
            Author.objects.filter { author in
                !Functions.exists(
                    Book.objects.filter { $0.author == author.outer && $0.inPrint == true }
                )
            },
            Author.objects.annotate { $0.books.count() }.filter { $0.values > 3 }.rows,
            Author.objects.annotate { ($0.books.count(), $0.books.price.average()) }
                .filter { $0.values.0 > 3 && $0.values.1 > 5 && $0.name != "x" }
                .order { [$0.values.1.descending, $0.name.ascending] }.rows,
            Author.objects.annotate { $0.books.count(filter: $0.books.inPrint == true) }.rows,
            Author.objects.prefetch(\.books, Book.objects.order { $0.title.ascending }.limit(3)),
        ]
    }

    static func results() async throws {
        _ = try await Question.objects.values { ($0.questionText, $0.choices.votes.sum()) }
        _ = try await Question.objects.annotate { $0.choices.votes.sum(default: 0) }
            .filter { $0.values > 3 }.order { $0.values.descending }.all()
        _ = try await Choice.objects.selecting { $0.question.questionText }
            .annotate { ($0.id.count(), $0.votes.average()) }
            .filter { $0.values.1.0 > 1 }.order { $0.values.1.1.descending }.all()
        _ = try await Choice.objects.aggregate { ($0.votes.minimum(), $0.votes.maximum()) }
        _ = try await Choice.objects.selecting {
            Case(when: $0.votes > 5, then: "high").when($0.votes > 0, then: "low")
                .otherwise("none")
        }.all()
        _ = try await Choice.objects.annotate {
            Functions.rank().over(partition: [$0.question.id], order: [$0.votes.descending])
        }.filter { $0.values == 1 }.all()
        _ = try await Question.objects.annotate { question in
            Choice.objects.filter { $0.question == question.outer }
                .order { $0.votes.descending }.limit(1).selecting { $0.choiceText }.value
        }.all()
        _ = try await Choice.objects.filter { $0.question.id == 1 }.update { $0.votes += 1 }
        _ = try await Choice.objects.filter { $0.votes < 1 }.update {
            $0.choiceText = "x"
            $0.set(\.votes, to: $0.votes * 2)
        }
        _ = try await Question.objects.only { ($0.questionText, $0.pubDate) }.all()
        _ = try await Question.objects.latest { $0.pubDate }
        _ = try await Question.objects.inBulk([1, 2])
        _ = try await Book.objects.selecting { ($0.published.year, $0.price) }.distinct().all()
        _ = try await Book.objects.filter { $0.price > 3 }.exists()
        _ = try await Book.objects.filter { $0.price > 3 }.count()
        _ = try await Book.objects.valuesList(\.title)
    }
}
