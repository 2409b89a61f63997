public import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What requests to an S3 service are signed with.
///
/// The secret and the token print as asterisks.
public struct S3Credentials: Sendable {
    /// The identifier of the key.
    public let accessKeyID: String
    /// The secret.
    public let secretAccessKey: Sensitive<String>
    /// The token of keys that count for a while; nil for others.
    public let sessionToken: Sensitive<String>?

    /// Credentials.
    ///
    /// - Parameters:
    ///   - accessKeyID: the identifier of the key.
    ///   - secretAccessKey: the secret.
    ///   - sessionToken: the token of keys that count for a while.
    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = Sensitive(secretAccessKey)
        self.sessionToken = sessionToken.map { Sensitive($0) }
    }

    /// The credentials of the environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for keys
    /// that count for a while, `AWS_SESSION_TOKEN`.
    ///
    /// - Returns: the credentials; nil where a variable is missing.
    public static func environment() -> S3Credentials? {
        environment(ProcessInfo.processInfo.environment)
    }

    static func environment(_ variables: [String: String]) -> S3Credentials? {
        guard let id = variables["AWS_ACCESS_KEY_ID"], !id.isEmpty,
            let secret = variables["AWS_SECRET_ACCESS_KEY"], !secret.isEmpty
        else { return nil }
        let token = variables["AWS_SESSION_TOKEN"]
        return S3Credentials(
            accessKeyID: id,
            secretAccessKey: secret,
            sessionToken: token.flatMap { $0.isEmpty ? nil : $0 }
        )
    }
}
