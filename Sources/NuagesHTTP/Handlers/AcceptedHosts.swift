internal import NuagesCore
import Synchronization

/// `Host` fields that have been found to be allowed, so that they are not taken apart again.
///
/// Only what passed is kept, and little of it, so that no client can fill it.
final class AcceptedHosts: Sendable {
    private let hosts = Mutex<[String]>([])
    private static let limit = 8

    func contains(_ request: Request) -> Bool {
        guard let host = request.storage.headers["Host"] else { return false }
        return hosts.withLock { hosts in hosts.contains { $0.equalsBytes(host) } }
    }

    func insert(_ host: String, _ request: Request) {
        // A host that a proxy forwarded says nothing about the field itself.
        guard let field = request.storage.headers["Host"], field.equalsBytes(host),
            !request.settings.usesXForwardedHost, !request.settings.usesForwarded
        else { return }
        hosts.withLock { hosts in
            if hosts.count < Self.limit, !hosts.contains(where: { $0.equalsBytes(host) }) {
                hosts.append(host)
            }
        }
    }
}
