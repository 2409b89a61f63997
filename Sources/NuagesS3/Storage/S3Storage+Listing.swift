import NuagesCore
public import NuagesFiles

extension S3Storage {
    /// No folder has more entries than are listed; the rest is an error.
    private static let maxPages = 200

    /// What is in a folder: the parts of names up to the next slash.
    ///
    /// - Parameter path: the folder; empty for the root.
    /// - Returns: the names in it, in order; none for a folder that is not there.
    /// - Throws: `StorageError`.
    public func listdir(_ path: String) async throws -> StorageListing {
        let folder = try StorageName.normalized(path)
        let location = client.configuration.location
        var prefix = folder.isEmpty ? location : StorageName.joined(location, folder)
        if !prefix.isEmpty, prefix.utf8.last != 0x2F { prefix += "/" }
        var listing = StorageListing()
        var token: String?
        for _ in 0..<Self.maxPages {
            let page = try await self.page(prefix, token, path)
            func part(_ key: String) -> String? {
                guard let plain = PercentCoding.decoded(key), plain.utf8.starts(with: prefix.utf8)
                else { return nil }
                let name = String(Substring(plain.utf8.dropFirst(prefix.utf8.count)))
                return name.isEmpty ? nil : name
            }
            listing.files += page.all("Contents").compactMap { $0["Key"]?.text }.compactMap(part)
            listing.folders += page.all("CommonPrefixes").compactMap { $0["Prefix"]?.text }
                .compactMap(part).map { String($0.dropLast()) }
            guard page["IsTruncated"]?.text == "true",
                let next = page["NextContinuationToken"]?.text, !next.isEmpty
            else { return listing }
            token = next
        }
        throw StorageError.service(
            operation: "list",
            name: path,
            message: "it has more than \(Self.maxPages * 1000) entries"
        )
    }

    private func page(
        _ prefix: String,
        _ token: String?,
        _ path: String
    ) async throws -> XMLElement {
        var request = S3Client.Request(method: "GET")
        request.query = [
            ("list-type", "2"), ("delimiter", "/"), ("encoding-type", "url"), ("prefix", prefix),
            ("max-keys", "\(client.configuration.listPageSize)"),
        ]
        if let token { request.query.append(("continuation-token", token)) }
        let answer = try await client.send(request, "list", name: path)
        return try await client.document(answer, "list", name: path)
    }
}

extension PercentCoding {
    /// A name of a listing, whose characters are escaped as in a form; nil for bad escapes.
    fileprivate static func decoded(_ text: String) -> String? {
        decode(text.utf8, plusIsBlank: true, malformed: .refuse).flatMap {
            String(validating: $0, as: UTF8.self)
        }
    }
}
