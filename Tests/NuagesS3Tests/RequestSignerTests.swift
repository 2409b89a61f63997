import NuagesCore
import Testing

@testable import NuagesS3

/// The vectors that AWS has published for Signature Version 4.
@Suite struct RequestSignerTests {
    /// Those of "Authenticating Requests" in the S3 API Reference.
    private let examples = RequestSigner(
        credentials: S3Credentials(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE",
            secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        ),
        region: "us-east-1"
    )
    private let may24 = RequestSigner.Moment(secondsSince1970: 1_369_353_600)
    private let host = "examplebucket.s3.amazonaws.com"
    private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private func signature(
        _ method: String,
        _ path: String,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        hash: String = empty
    ) -> String {
        let fields = examples.signed(
            RequestSigner.Request(
                method: method,
                path: path,
                query: query,
                headers: [("Host", host)] + headers
            ),
            payloadHash: hash,
            at: may24
        )
        let field = fields.first { $0.name == "authorization" }?.value ?? ""
        return String(field.split(separator: "=").last ?? "")
    }

    @Test func writesTheMoment() {
        #expect(may24.text == "20130524T000000Z")
        #expect(may24.day == "20130524")
        #expect(RequestSigner.Moment(secondsSince1970: 1_440_938_160).text == "20150830T123600Z")
    }

    @Test func signsAReadOfAPart() {
        #expect(
            signature("GET", "/test.txt", headers: [("Range", "bytes=0-9")])
                == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        )
    }

    @Test func signsAWrite() {
        let hash = RequestSigner.hash(Array("Welcome to Amazon S3.".utf8))
        #expect(hash == "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
        #expect(
            signature(
                "PUT",
                "/" + RequestSigner.escapedPath("test$file.text"),
                headers: [
                    ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                    ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                ],
                hash: hash
            ) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        )
    }

    @Test func signsParametersWithAndWithoutValues() {
        #expect(
            signature("GET", "/", query: [("lifecycle", "")])
                == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        )
        #expect(
            signature("GET", "/", query: [("prefix", "J"), ("max-keys", "2")])
                == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
        )
    }

    @Test func signsAnAddress() {
        let query = examples.presignedQuery(
            RequestSigner.Request(method: "GET", path: "/test.txt", headers: [("host", host)]),
            expires: 86_400,
            at: may24
        )
        #expect(
            query == "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature="
                + "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
        )
    }

    /// Vectors of AWS's test suite (`aws-sig-v4-test-suite`), for a service called `service`.
    @Test(arguments: [
        (
            "GET", [(String, String)](), [(String, String)](), "",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        ),
        (
            "GET", [("Param2", "value2"), ("Param1", "value1")], [], "",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
        ),
        (
            "POST", [], [], "",
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
        ),
        (
            "POST", [], [("My-Header1", "value1")], "",
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"
        ),
        (
            "POST", [], [("Content-Type", "application/x-www-form-urlencoded")], "Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
        ),
    ])
    func signsTheVectorsOfTheSuite(
        _ method: String,
        _ query: [(String, String)],
        _ headers: [(String, String)],
        _ body: String,
        _ expected: String
    ) {
        let signer = RequestSigner(
            credentials: S3Credentials(
                accessKeyID: "AKIDEXAMPLE",
                secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
            ),
            region: "us-east-1",
            service: "service"
        )
        let fields: [(String, String)] =
            headers + [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")]
        let authorization = signer.authorization(
            RequestSigner.Request(
                method: method,
                path: "/",
                query: query.map { (name: $0.0, value: $0.1) },
                headers: fields.map { (name: $0.0, value: $0.1) }
            ),
            payloadHash: RequestSigner.hash(Array(body.utf8)),
            at: .init(secondsSince1970: 1_440_938_160)
        )
        #expect(authorization.hasSuffix("Signature=\(expected)"))
    }

    /// Blanks within values, names in any case, several fields of a name, and characters that are
    /// escaped.
    @Test func writesTheCanonicalRequest() {
        let request = RequestSigner.Request(
            method: "GET",
            path: "/" + RequestSigner.escapedPath("a b/ü~+*.txt"),
            query: [("b", "2"), ("a", "x y"), ("a-", ""), ("a", "/")],
            headers: [("Host", "h"), ("My-Header", "  a   b  "), ("MY-HEADER", "c")]
        )
        #expect(
            examples.canonical(request, "hash") == """
                GET
                /a%20b/%C3%BC~%2B%2A.txt
                a=%2F&a=x%20y&a-=&b=2
                host:h
                my-header:a b,c

                host;my-header
                hash
                """
        )
    }

    @Test func signsTheTokenOfASession() {
        let signer = RequestSigner(
            credentials: S3Credentials(
                accessKeyID: "A",
                secretAccessKey: "B",
                sessionToken: "T/+="
            ),
            region: "r"
        )
        let fields = signer.signed(
            RequestSigner.Request(method: "GET", path: "/", headers: [("host", "h")]),
            payloadHash: "x",
            at: may24
        )
        #expect(fields.contains { $0.name == "x-amz-security-token" && $0.value == "T/+=" })
        #expect(
            fields.last?.value.contains("host;x-amz-content-sha256;x-amz-date;x-amz-security-token")
                == true
        )
        let query = signer.presignedQuery(
            RequestSigner.Request(method: "GET", path: "/", headers: [("host", "h")]),
            expires: 1,
            at: may24
        )
        #expect(query.contains("X-Amz-Security-Token=T%2F%2B%3D"))
    }

    @Test func showsNoSecrets() {
        let credentials = S3Credentials(
            accessKeyID: "AKID",
            secretAccessKey: "hidden-secret",
            sessionToken: "hidden-token"
        )
        var text = "\(credentials) \(String(reflecting: credentials))"
        dump(credentials, to: &text)
        let storage = S3Storage(S3Configuration(bucket: "b"), credentials)
        dump(storage, to: &text)
        #expect(!text.contains("hidden"))
    }

    @Test func readsTheEnvironment() {
        #expect(S3Credentials.environment([:])?.accessKeyID == nil)
        #expect(S3Credentials.environment(["AWS_ACCESS_KEY_ID": "a"])?.accessKeyID == nil)
        let found = S3Credentials.environment([
            "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SESSION_TOKEN": "c",
        ])
        #expect(found?.accessKeyID == "a")
        #expect(found?.secretAccessKey.exposed == "b")
        #expect(found?.sessionToken?.exposed == "c")
    }
}
