import NuagesCore
import NuagesHTTP
import NuagesTesting
import Testing

/// Shows one page for GET, and what was posted for POST.
private struct PageSite: RequestHandler {
    let html: String

    func handle(_ request: Request) async -> Response {
        guard request.method == .post else {
            return request.query.entries.isEmpty || request.path != "/search/"
                ? .html(html) : .text("GET \(request.target)")
        }
        let body = (try? await request.bytes()) ?? []
        return .text("POST \(request.target) \(String(decoding: body, as: UTF8.self))")
    }
}

@Suite struct PageFormTests {
    private func submit(
        _ controls: String,
        _ values: KeyValuePairs<String, String> = [:]
    ) async throws -> String {
        let html = "<title><form></title><form method=post action=/f/>\(controls)</form>"
        let client = TestClient(PageSite(html: html))
        let answer = try await client.submit(try await client.get("/page/"), values)
        return String(answer.text.dropFirst("POST /f/ ".count))
    }

    @Test(arguments: [
        ("<input name=a value='1'><input name=b>", "a=1&b="),
        ("<INPUT NAME=a VALUE=1 /><input name=b value=2/>", "a=1&b=2%2F"),
        ("<input name=a value='x &amp;&lt;&#x27;&quot;'>", "a=x+%26%3C%27%22"),
        ("<input name=a value='1' value='2'>", "a=1"),
        ("<input name=a value=1 disabled><input value=2>", ""),
        ("<input type=submit name=go value=1><input type=file name=f>", ""),
        ("<textarea name=t>one\ntwo &lt;b&gt;</textarea>", "t=one%0D%0Atwo+%3Cb%3E"),
        ("<textarea name=t>\r\n one\r\n</textarea>", "t=+one%0D%0A"),
        ("<textarea name=t></textarea>", "t="),
        (
            "<textarea name=t><input name=no value=1></textarea>",
            "t=%3Cinput+name%3Dno+value%3D1%3E"
        ),
        ("<textarea name=t disabled>x</textarea>", ""),
        ("<select name=s><option value=1>One<option value=2 selected>Two</select>", "s=2"),
        ("<select name=s><option value=1>One</option><option value=2>Two</option></select>", "s=1"),
        (
            "<select name=s><option disabled value=''>-</option><option value=2>T</option></select>",
            "s=2"
        ),
        ("<select name=s><option selected> Two\n words </option></select>", "s=Two+words"),
        ("<select name=s><optgroup label=g><option>A</optgroup><option selected>B</select>", "s=B"),
        (
            "<select name=s multiple><option selected>A<option>B<option selected>C</select>",
            "s=A&s=C"
        ),
        ("<select name=s multiple><option>A</select>", ""),
        ("<select name=s></select>", ""),
        ("<input type=radio name=r value=1><input type=radio name=r value=2 checked>", "r=2"),
        ("<input type=checkbox name=c checked><input type=checkbox name=d>", "c=on"),
        ("<!-- <input name=no value=1> --><input name=a value=1>", "a=1"),
        ("<script>'<input name=no value=1>'</script><input name=a value=1>", "a=1"),
    ])
    func keepsWhatThePageHas(_ controls: String, _ sent: String) async throws {
        #expect(try await submit(controls) == sent)
    }

    @Test func fillsInAnyControl() async throws {
        let controls = """
            <input type=hidden name=token value=T><textarea name=t>old</textarea>
            <select name=s><option value=1 selected>One<option value=2>Two</select>
            <input type=radio name=r value=1 checked><input type=radio name=r value=2>
            """
        #expect(
            try await submit(controls, ["t": "new", "s": "2", "r": "2"]) == "token=T&t=new&s=2&r=2"
        )
    }

    @Test func refusesAControlThatIsNotThere() async throws {
        await #expect(throws: TestClient.Failure.self) {
            try await submit("<input name=a>", ["b": "1"])
        }
    }

    /// A form without an action goes to its own page, whatever was fetched since.
    @Test(arguments: [
        ("", "/polls/1/?page=2"), ("?page=3", "/polls/1/?page=3"), ("vote/", "/polls/1/vote/"),
        ("../2/", "/polls/2/"), ("..", "/polls/"), (".", "/polls/1/"), ("/vote/", "/vote/"),
        ("#end", "/polls/1/?page=2"), ("https://testserver/x/?y#z", "/x/?y"), ("../../../x", "/x"),
    ])
    func sendsToTheAddressOfThePage(_ action: String, _ target: String) async throws {
        let html = "<form method=post action=\"\(action)\"><input name=a value=1></form>"
        let client = TestClient(PageSite(html: html))
        let page = try await client.get("/polls/1/?page=2")
        _ = try await client.get("/elsewhere/")
        #expect(try await client.submit(page).text == "POST \(target) a=1")
    }

    @Test func putsTheValuesOfAGetFormInTheQuery() async throws {
        let html = "<form action=/search/?old=1><input name=q value='a b'></form>"
        let client = TestClient(PageSite(html: html))
        let answer = try await client.submit(try await client.get("/"))
        #expect(answer.text == "GET /search/?q=a+b")
    }
}
