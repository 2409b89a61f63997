import NuagesCore
import Testing

@Suite struct QueryDictTests {
    @Test(arguments: [
        ("", ""),
        ("a=1&b=2&a=3", "a=1&a=3&b=2"),
        ("a", "a="),
        ("a=b=c", "a=b%3Dc"),
        ("a=1;b=2", "a=1%3Bb%3D2"),
        ("&&a=1&", "a=1"),
        ("=x", "=x"),
        ("a+b=%20c", "a+b=+c"),
        ("a=%zz%4", "a=%25zz%254"),
        ("%C3%BC=%F0%9F%98%80", "%C3%BC=%F0%9F%98%80"),
    ])
    func parsesAsDjangoDoes(_ query: String, expected: String) throws {
        #expect(try QueryDict(query: query).urlencoded() == expected)
    }

    @Test func comparesNamesByBytes() throws {
        let query = try QueryDict(query: "e%CC%81=1&%C3%A9=2&%E2%84%AA=3&K=4")
        #expect(query.entries.count == 4)
        #expect(query["\u{E9}"] == "2")
        #expect(query["e\u{301}"] == "1")
        #expect(query["K"] == "4")
    }

    @Test(arguments: [
        ("a=%ff", QueryStringError.invalidUTF8), ("%c0%ae=1", .invalidUTF8), ("a=%00", .nul),
        ("%00=a", .nul), (String(repeating: "a=1&", count: 1000), .tooManyFields(limit: 1000)),
    ])
    func refuses(_ query: String, error: QueryStringError) {
        #expect(throws: error) { try QueryDict(query: query) }
    }

    @Test func leavesNULInValuesToFormsWhereAllowed() throws {
        let form = try QueryDict(query: "a=%00", allowsNUL: true)
        #expect(form["a"] == "\0")
        #expect(throws: QueryStringError.nul) { try QueryDict(query: "%00=1", allowsNUL: true) }
    }

    @Test(.timeLimit(.minutes(1))) func manyNamesOfCombiningMarksAreKeptApart() throws {
        let marks = String(repeating: "%CC%81%CC%A3", count: 200)
        let query = (0..<60).map { "a\(marks)\($0)=1" }.joined(separator: "&")
        #expect(try QueryDict(query: query).entries.count == 60)
    }

    @Test func changes() {
        var query: QueryDict = ["a": ["1", "2"], "b": []]
        #expect(query["a"] == "2")
        #expect(!query.contains("b"))
        query.setList("b", ["x", "y"])
        query["a"] = "3"
        #expect(query.urlencoded() == "a=3&b=x&b=y")
        query.remove("a")
        for number in 0..<40 { query.append("n\(number)", "v") }
        query.remove("n3")
        #expect(query["n39"] == "v")
        #expect(query["n3"] == nil)
        #expect(query.entries.count == 40)
    }
}
