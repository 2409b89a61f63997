/// Where the files of an ``S3Storage`` are, and how requests for them are made.
///
///     var configuration = S3Configuration(bucket: "media", region: "eu-west-3")
///     configuration.endpoint = "https://minio.example.com"
///     configuration.addressing = .path
public struct S3Configuration: Sendable {
    /// How a bucket is named in an address.
    public enum Addressing: Sendable, Hashable {
        /// `https://bucket.s3.region.amazonaws.com/name`, AWS's own way.
        case virtualHost
        /// `https://host/bucket/name`, which most other services know.
        case path
    }

    /// The name of the bucket.
    public var bucket: String
    /// The region, which requests are signed for; services without regions take `us-east-1`, or
    /// `auto`.
    public var region: String
    /// The address of the service, such as `https://minio.example.com:9000`; nil is AWS's own.
    public var endpoint: String?
    /// How the bucket is named in addresses.
    public var addressing = Addressing.virtualHost
    /// What stands in front of all names, such as `media/`; empty for nothing.
    public var location = ""
    /// How long the addresses of files count, which are signed; seven days at most.
    public var urlExpires = Duration.seconds(3600)
    /// What stands in front of names in addresses that are not signed, for a bucket that everybody
    /// may read; nil signs addresses.
    public var publicURL: String?
    /// Whether a file replaces one of the same name.
    public var allowsOverwrite = false
    /// Whether the service decides in one step whether a name is free (`If-None-Match: *`), as AWS,
    /// MinIO and R2 do; without it a name is looked for before.
    public var hasConditionalWrites = true
    /// The size of the parts that larger files are sent in, in bytes: from 5 MB on, one in memory at
    /// a time.
    public var partSize = 8_388_608
    /// How long a request may take until its answer begins.
    public var timeout = Duration.seconds(60)
    /// How often a request is made again that the service could not answer.
    public var maxRetries = 3
    /// How many entries of a folder are asked for at once.
    package var listPageSize = 1000

    /// A configuration.
    ///
    /// - Parameters:
    ///   - bucket: the name of the bucket.
    ///   - region: the region.
    public init(bucket: String, region: String = "us-east-1") {
        self.bucket = bucket
        self.region = region
    }

    /// The scheme and the host of addresses, and what stands in front of names in their paths.
    var address: (base: String, host: String, prefix: String) {
        let given = endpoint ?? "https://s3.\(region).amazonaws.com"
        let parts = given.split(separator: "/", omittingEmptySubsequences: true).map { String($0) }
        let scheme = parts.first ?? "https:"
        var host = parts.count > 1 ? parts[1] : ""
        // A port that goes without saying is not in the field `Host`, which is signed.
        for (ending, other) in [(":443", "https:"), (":80", "http:")]
        where scheme == other && host.hasSuffix(ending) {
            host = String(host.dropLast(ending.count))
        }
        switch addressing {
        case .virtualHost: return ("\(scheme)//\(bucket).\(host)", "\(bucket).\(host)", "/")
        case .path:
            return ("\(scheme)//\(host)", host, "/\(RequestSigner.escaped(bucket))/")
        }
    }
}
