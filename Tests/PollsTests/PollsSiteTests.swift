import Foundation
import Nuages
import NuagesTesting
import Testing

@testable import Polls

@Suite struct PollsSiteTests {
    /// A question with two choices, published `age` seconds ago.
    @discardableResult
    private func makeQuestion(
        _ text: String = "Why?",
        age: TimeInterval = 60
    ) async throws -> Question {
        var question = Question(questionText: text, pubDate: Date.now.addingTimeInterval(-age))
        try await question.save()
        for answer in ["Because", "No reason"] {
            var choice = Choice(question: question.asReference, choiceText: answer)
            try await choice.save()
        }
        return question
    }

    @Test func sendsTheFrontPageToTheQuestions() async throws {
        try await withTestSite(PollsSite.self) { client in
            let page = try await client.get("/")
            #expect(page.status == 302)
            #expect(page.location == "/polls/")
        }
    }

    @Test func listsTheLatestFiveQuestions() async throws {
        try await withTestSite(PollsSite.self) { client in
            for number in 1...7 {
                try await makeQuestion("Question \(number)?", age: Double(number))
            }
            let page = try await client.get("/polls/")
            #expect(page.status == 200)
            for number in 1...5 { #expect(page.text.contains("Question \(number)?")) }
            for number in 6...7 { #expect(!page.text.contains("Question \(number)?")) }
        }
    }

    @Test func saysThatThereAreNoQuestions() async throws {
        try await withTestSite(PollsSite.self) { client in
            let page = try await client.get("/polls/")
            #expect(page.text.contains("No polls are available."))
        }
    }

    @Test func hidesQuestionsOfTheFuture() async throws {
        try await withTestSite(PollsSite.self) { client in
            let question = try await makeQuestion("Tomorrow?", age: -86_400)
            #expect(try await !client.get("/polls/").text.contains("Tomorrow?"))
            #expect(try await client.get("/polls/\(question.id)/").status == 404)
            #expect(try await client.get("/polls/\(question.id)/results/").status == 404)
        }
    }

    @Test func takesNoVotesOnQuestionsOfTheFuture() async throws {
        try await withTestSite(PollsSite.self) { client in
            var question = try await makeQuestion()
            let page = try await client.get("/polls/\(question.id)/")
            question.pubDate = Date.now.addingTimeInterval(86_400)
            try await question.save()
            #expect(try await client.submit(page, ["choice": "1"]).status == 404)
            #expect(try await Choice.objects.filter { $0.votes > 0 }.count() == 0)
        }
    }

    @Test func knowsWhatWasPublishedRecently() {
        for (age, isRecent) in [
            (-2_592_000.0, false), (-60, false), (60, true), (86_340, true), (86_460, false),
        ] {
            let question = Question(questionText: "?", pubDate: Date.now.addingTimeInterval(-age))
            #expect(question.wasPublishedRecently == isRecent, "\(age) seconds ago")
        }
    }

    @Test(arguments: [
        "/polls/999/", "/polls/999/results/", "/polls/99999999999999999999/", "/nowhere/",
    ])
    func answersUnknownPathsWithItsOwnPage(_ path: String) async throws {
        try await withTestSite(PollsSite.self) { client in
            let page = try await client.get(path)
            #expect(page.status == 404)
            #expect(page.text.contains("See the latest questions"))
        }
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "\"quoted\" & 'single'", "\"\u{301} onmouseover=alert(1) x=\"",
        "\u{1F600} \u{5E9}\u{5DC}\u{5D5}\u{5DD}",
    ])
    func escapesTheTextOfQuestions(_ text: String) async throws {
        try await withTestSite(PollsSite.self) { client in
            let question = try await makeQuestion(text)
            for path in ["/polls/", "/polls/\(question.id)/", "/polls/\(question.id)/results/"] {
                let page = try await client.get(path)
                #expect(page.text.contains(HTMLEscaper.escape(text)), "\(path)")
                #expect(!page.text.contains("<script>alert"), "\(path)")
            }
        }
    }

    @Test func countsAVoteAndShowsTheResults() async throws {
        try await withTestSite(PollsSite.self) { client in
            let question = try await makeQuestion()
            let choice = try await question.choices.all()[0]
            let page = try await client.get("/polls/\(question.id)/")
            let answer = try await client.submit(page, ["choice": "\(choice.id)"])
            #expect(answer.status == 302)
            #expect(answer.location == "/polls/\(question.id)/results/")
            let results = try await client.get("/polls/\(question.id)/results/")
            #expect(results.text.contains("1 vote<"))
            #expect(results.text.contains("0 votes<"))
        }
    }

    @Test func showsAnErrorWhereNoChoiceWasSelected() async throws {
        try await withTestSite(PollsSite.self) { client in
            let question = try await makeQuestion()
            let page = try await client.get("/polls/\(question.id)/")
            let answer = try await client.submit(page)
            #expect(answer.status == 200)
            #expect(answer.text.contains("You didn’t select a choice."))
            #expect(try await question.choices.filter { $0.votes > 0 }.count() == 0)
        }
    }

    @Test func refusesTheChoiceOfAnotherQuestion() async throws {
        try await withTestSite(PollsSite.self) { client in
            let question = try await makeQuestion()
            let foreign = try await makeQuestion("Other?").choices.all()[0]
            let page = try await client.get("/polls/\(question.id)/")
            let answer = try await client.submit(page, ["choice": "\(foreign.id)"])
            #expect(answer.status == 200)
            #expect(try await Choice.objects.filter { $0.votes > 0 }.count() == 0)
        }
    }

    @Test func refusesAVoteWithoutToken() async throws {
        try await withTestSite(PollsSite.self) { client in
            let question = try await makeQuestion()
            let choice = try await question.choices.all()[0]
            let answer = try await client.post(
                "/polls/\(question.id)/vote/",
                ["choice": "\(choice.id)"]
            )
            #expect(answer.status == 403)
            #expect(try await Choice.objects.filter { $0.votes > 0 }.count() == 0)
        }
    }

    @Test func refusesOtherMethodsThanPostForAVote() async throws {
        try await withTestSite(PollsSite.self) { client in
            let question = try await makeQuestion()
            let answer = try await client.get("/polls/\(question.id)/vote/")
            #expect(answer.status == 405)
            #expect(answer.headers["Allow"] == "POST, OPTIONS")
        }
    }

    @Test func refusesAForeignHost() async throws {
        try await withTestSite(PollsSite.self) { client in
            let answer = try await client.get("/polls/", headers: ["Host": "evil.example"])
            #expect(answer.status == 400)
        }
    }

    @Test func countsEveryVoteOfMany() async throws {
        try await withTestSite(PollsSite.self) { client in
            let question = try await makeQuestion()
            let choice = try await question.choices.all()[0]
            let page = try await client.get("/polls/\(question.id)/")
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await client.submit(page, ["choice": "\(choice.id)"]).status
                    }
                }
                for try await status in group { #expect(status == 302) }
            }
            #expect(try await question.choices.get(choice.id).votes == 50)
        }
    }

    @Test func servesItsStylesheet() async throws {
        try await withTestSite(PollsSite.self) { client in
            let sheet = try await client.get("/static/polls/style.css")
            #expect(sheet.status == 200)
            #expect(sheet.headers["Content-Type"] == "text/css; charset=utf-8")
            let tag = try #require(sheet.headers["ETag"])
            let again = try await client.get(
                "/static/polls/style.css",
                headers: ["If-None-Match": tag]
            )
            #expect(again.status == 304)
        }
    }

    @Test(arguments: [
        "/static/../Models.swift", "/static/%2e%2e/Models.swift", "/static/polls/", "/static/",
        "/static/polls/..%2f..%2fModels.swift", "/static//etc/passwd", "/static/.git/config",
    ])
    func keepsStaticFilesInTheirFolder(_ path: String) async throws {
        try await withTestSite(PollsSite.self) { client in
            let answer = try await client.get(path)
            #expect(answer.status == 404 || answer.status == 400)
        }
    }

    @Test func sendsTheSecurityHeadersWithEveryAnswer() async throws {
        try await withTestSite(PollsSite.self) { client in
            for path in ["/polls/", "/nowhere/", "/static/polls/style.css"] {
                let headers = try await client.get(path).headers
                #expect(headers["X-Content-Type-Options"] == "nosniff", "\(path)")
                #expect(headers["X-Frame-Options"] == "DENY", "\(path)")
                #expect(headers["Strict-Transport-Security"] != nil, "\(path)")
                #expect(headers["Content-Security-Policy"] != nil, "\(path)")
                #expect(headers["Referrer-Policy"] == "same-origin", "\(path)")
            }
        }
    }
}
