public import NuagesCore
public import NuagesFiles

extension Storages {
    /// The storage `default` in the folder `MEDIA_ROOT`, below `MEDIA_URL`; none where it is not set.
    ///
    /// - Parameter settings: the settings of a site.
    public init(settings: Settings) {
        guard let root = settings.mediaRoot else {
            self.init()
            return
        }
        self.init([
            Self.defaultAlias: FileSystemStorage(
                root: root,
                baseURL: settings.mediaURL.isEmpty ? nil : settings.mediaURL,
                filePermissions: settings.uploadPermissions,
                directoryPermissions: settings.uploadDirectoryPermissions
            )
        ])
    }
}

extension MediaSigner {
    /// A signer with the keys of a site.
    ///
    /// - Parameters:
    ///   - settings: the settings of the site.
    ///   - purpose: what is signed for.
    public init(settings: Settings, purpose: String = "media") {
        self.init(
            key: settings.secretKey,
            purpose: purpose,
            fallbackKeys: settings.secretKeyFallbacks
        )
    }
}

extension Storage {
    /// The address of a file, signed with the key of the current site.
    ///
    ///     try storage.signedURL("7.pdf", expires: .seconds(600), boundTo: user.key)
    ///
    /// - Parameters:
    ///   - name: the file's name.
    ///   - expires: how long the address counts.
    ///   - binding: who may use it; nil for everybody.
    ///   - purpose: what is signed for, as the route says it.
    /// - Returns: the address.
    /// - Throws: `StorageError.noURL`, ``SiteError/notSetUp``.
    public func signedURL(
        _ name: String,
        expires: Duration,
        boundTo binding: String? = nil,
        purpose: String = "media"
    ) throws -> String {
        let signer = MediaSigner(settings: try SiteContext.current.settings, purpose: purpose)
        return try signedURL(name, expires: expires, by: signer, boundTo: binding)
    }
}
