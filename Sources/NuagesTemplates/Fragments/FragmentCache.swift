import NuagesCore

/// Keeps rendered parts of pages for some time: what `{% cache %}` needs.
///
/// Django: the caches of `CACHES`, as far as templates use them.
public protocol FragmentCache: Sendable {
    /// A part that is kept.
    ///
    /// - Parameter key: one of ``TemplateFragment/key(_:varyOn:)``.
    /// - Returns: the part; nil where it is not kept, or no more.
    /// - Throws: what reading throws; the page then fails.
    func fragment(for key: String) async throws -> [UInt8]?

    /// Keeps a part.
    ///
    /// - Parameters:
    ///   - fragment: the part.
    ///   - key: its key.
    ///   - seconds: for how long; nil until it is removed or there is no room.
    /// - Throws: what writing throws; the page then fails.
    func keep(_ fragment: [UInt8], for key: String, seconds: Int?) async throws

    /// Forgets a part.
    ///
    /// - Parameter key: its key.
    /// - Throws: what removing throws.
    func remove(_ key: String) async throws
}

/// The names under which parts of pages are kept.
public enum TemplateFragment {
    /// The key of a part: the name in `{% cache %}`, and what the part varies on.
    ///
    ///     try await cache.remove(TemplateFragment.key("sidebar", varyOn: ["anna"]))
    ///
    /// Two parts never share a key: each text counts with its length, and the digest is SHA-256.
    /// (In Django `a:` and `b` make the key that `a` and `:b` make.)
    ///
    /// Django: `make_template_fragment_key`.
    ///
    /// - Parameters:
    ///   - name: the part's name.
    ///   - values: what it varies on, in order, as the template writes it.
    /// - Returns: the key, which has ASCII letters, digits and dots only if the name has.
    public static func key(_ name: String, varyOn values: [String] = []) -> String {
        var message: [UInt8] = []
        for value in values {
            message += Array("\(value.utf8.count):".utf8)
            message += Array(value.utf8)
        }
        return "template.cache.\(name).\(Digest.hex(Digest.hash(message, with: .sha256)))"
    }
}
