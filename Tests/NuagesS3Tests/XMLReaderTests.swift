import Testing

@testable import NuagesS3

@Suite struct XMLReaderTests {
    private func parse(_ text: String) throws(XMLProblem) -> XMLElement {
        try XMLReader.parse(Array(text.utf8))
    }

    @Test func readsAListing() throws {
        let document = try parse(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a > comment -->
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
              <IsTruncated>false</IsTruncated><Empty/>
              <Contents><Key>a&amp;b &lt;c&gt; &#233; &#x1F431;</Key><Size>1</Size></Contents>
              <Contents><Key>d</Key></Contents>
            </ListBucketResult>
            """
        )
        #expect(document.name == "ListBucketResult")
        #expect(document["IsTruncated"]?.text == "false")
        #expect(document["Empty"]?.text.isEmpty == true)
        #expect(document.all("Contents").map { $0["Key"]?.text } == ["a&b <c> é 🐱", "d"])
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "</a>", "<a", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        "<a>&x;</a>", "<a>&</a>", "<a>&#xD800;</a>", "<a><![CDATA[x]]></a>", "<?xml ", "<!--",
        "<a>&#99999999;</a>",
    ])
    func refusesWhatIsNoAnswer(_ text: String) {
        #expect(throws: XMLProblem.self) { try parse(text) }
    }

    @Test func refusesTooMuch() {
        let deep = String(repeating: "<a>", count: 100_000)
        #expect(throws: XMLProblem(reason: "too many elements")) { try parse(deep) }
        let wide = "<a>" + String(repeating: "<b/>", count: 30_000) + "</a>"
        #expect(throws: XMLProblem(reason: "too many elements")) { try parse(wide) }
    }
}
