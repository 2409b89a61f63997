import Nuages
import NuagesTesting
import Testing

@testable import Gauntlet

@Suite struct ForgeryTests {
    private static let form = "name=A&email=a%40example.com&site="
    private static let formType = "application/x-www-form-urlencoded"

    /// Posts the form with a token that fits and whatever a test adds.
    private func post(
        _ client: TestClient,
        _ headers: Headers = [:],
        token change: (String) -> String? = { $0 }
    ) async throws -> TestResponse {
        let page = try await client.get("/form/")
        let field = try #require(
            page.forms.first?.fields.first { $0.name == "csrfmiddlewaretoken" }
        )
        var headers = headers
        headers["Content-Type"] = Self.formType
        var body = Self.form
        if let token = change(field.value) { body += "&csrfmiddlewaretoken=\(quoted(token))" }
        return try await client.send(.post, "/form/", headers: headers, body: Array(body.utf8))
    }

    @Test func takesTheFormOfThisSite() async throws {
        try await withGauntlet { (client) async throws in
            #expect(try await post(client).status == 302)
            #expect(try await Message.objects.count() == 1)
        }
    }

    @Test(arguments: [
        ["Origin": "https://evil.example"], ["Origin": "null"], ["Origin": "http://testserver"],
        ["Origin": "https://testserver.evil.example"], ["Origin": "https://testserver:444"],
        ["Origin": "https://testserver@evil.example"], ["Sec-Fetch-Site": "cross-site"],
        ["Sec-Fetch-Site": "same-site"], ["Cookie": ""], ["Cookie": "__Host-csrftoken=short"],
        ["Cookie": "a=b]__Host-csrftoken=x"],
        ["Cookie": "__Host-csrftoken=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
    ])
    func refusesAFormThatAnotherSiteMayHaveSent(_ headers: [String: String]) async throws {
        try await withGauntlet { (client) async throws in
            var fields: Headers = [:]
            for (name, value) in headers { fields[name] = value }
            #expect(try await post(client, fields).status == 403)
            #expect(try await Message.objects.count() == 0)
        }
    }

    @Test(arguments: 0..<6) func refusesATokenThatDoesNotFit(_ change: Int) async throws {
        let changes: [@Sendable (String) -> String?] = [
            { _ in nil }, { _ in "" }, { String($0.dropLast()) }, { $0 + "a" },
            { String($0.reversed()) }, { _ in String(repeating: "é", count: 32) },
        ]
        try await withGauntlet { (client) async throws in
            #expect(try await post(client, token: changes[change]).status == 403)
            #expect(try await Message.objects.count() == 0)
        }
    }

    @Test func refusesATokenInTheQuery() async throws {
        try await withGauntlet { (client) async throws in
            let page = try await client.get("/form/")
            let field = try #require(page.forms.first?.fields.first)
            let answer = try await client.send(
                .post,
                "/form/?csrfmiddlewaretoken=\(field.value)",
                headers: ["Content-Type": Self.formType],
                body: Array(Self.form.utf8)
            )
            #expect(answer.status == 403)
        }
    }

    @Test(arguments: [HTTPMethod.put, .patch, .delete]) func refusesOtherMethods(
        _ method: HTTPMethod
    ) async throws {
        try await withGauntlet { (client) async throws in
            let answer = try await client.send(method, "/form/")
            #expect(answer.status == 405 || answer.status == 403)
        }
    }

    @Test func masksTheTokenAnewForEachPage() async throws {
        try await withGauntlet { (client) async throws in
            let first = try await client.get("/form/").forms[0].fields[0].value
            let second = try await client.get("/form/").forms[0].fields[0].value
            #expect(first.utf8.count == 64)
            #expect(first != second)
        }
    }

    @Test func sendsACookieThatOnlyThisHostGetsByTLS() async throws {
        try await withGauntlet { (client) async throws in
            let cookie = try #require(try await client.get("/form/").headers["Set-Cookie"])
            for part in [
                "__Host-csrftoken=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax",
            ] {
                #expect(cookie.contains(part), "\(cookie)")
            }
            #expect(!cookie.contains("Domain="))
        }
    }

    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "", "text/json", "multipart/form-data",
    ])
    func readsJSONByItsTypeOnly(_ type: String) async throws {
        try await withGauntlet { (client) async throws in
            let answer = try await client.send(
                .post,
                "/json/",
                headers: ["Content-Type": type],
                body: Array("{\"a\":1}".utf8)
            )
            #expect(answer.status == 415)
        }
    }
}
