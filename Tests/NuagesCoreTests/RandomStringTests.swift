import NuagesCore
import Testing

@Suite struct RandomStringTests {
    @Test(arguments: [
        (12, nil as String?, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
        (12, "", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
        (300, "abc", "abc"), (7, "x", "x"), (5, "äß€", "äß€"), (0, "abc", ""), (-1, nil, ""),
    ])
    func hasCharactersOfTheList(_ length: Int, _ allowed: String?, _ choices: String) {
        let text = randomString(length: length, allowedCharacters: allowed)
        #expect(text.unicodeScalars.count == max(0, length))
        #expect(Set(text.unicodeScalars).isSubset(of: Set(choices.unicodeScalars)))
    }

    @Test func isAnotherOneEachTime() {
        #expect(Set((0..<100).map { _ in randomString(length: 22) }).count == 100)
    }

    @Test func takesEveryCharacter() {
        #expect(Set(randomString(length: 2000, allowedCharacters: "0123456789")).count == 10)
        #expect(Set(randomString(length: 20_000)).count == 62)
    }
}
