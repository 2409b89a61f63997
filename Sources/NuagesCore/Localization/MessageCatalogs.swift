import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The translations of a site: `.mo` files in folders, by language.
///
///     let catalogs = MessageCatalogs(directories: ["locale"], fallback: "en-us")
///     catalogs.catalog(of: "de-at")?(nil, "Save", nil)
///
/// A folder has `de/LC_MESSAGES/django.mo` and the like. A message is looked for in the language's
/// own files in the order of the folders, then in those of the language without its country, then
/// in those of the fallback. Files are read when a language is first asked for.
///
/// Django: `django.utils.translation.trans_real`.
public final class MessageCatalogs: Sendable {
    private let directories: [String]
    private let domain: String
    private let fallback: String?
    private let known = Mutex<[ByteKey: [MessageCatalog]]>([:])

    private static let sizeLimit = 64 * 1024 * 1024
    /// Languages that are kept; more are read each time.
    private static let keptLanguages = 500

    /// The translations in folders.
    ///
    /// - Parameters:
    ///   - directories: the folders, in the order in which they are searched.
    ///   - domain: the name of the files in front of `.mo`.
    ///   - fallback: the language in which messages are looked for last; Django: `LANGUAGE_CODE`.
    public init(directories: [String], domain: String = "django", fallback: String? = nil) {
        self.directories = directories
        self.domain = domain
        self.fallback = fallback
    }

    /// The catalogue of a language.
    ///
    /// - Parameter language: a code such as `de-at`.
    /// - Returns: what looks messages up; nil where no file has any.
    public func catalog(of language: String) -> Localization.Catalog? {
        let chain = chain(of: language)
        guard !chain.isEmpty else { return nil }
        return { context, message, plural in
            for catalog in chain {
                let found = catalog.translation(
                    of: message,
                    context: context,
                    plural: plural.map { ($0.0, $0.1) }
                )
                if let found { return found }
            }
            return nil
        }
    }

    /// The files in which messages of a language are looked for, in order.
    package func chain(of language: String) -> [MessageCatalog] {
        let key = ByteKey(language)
        if let chain = known.withLock({ $0[key] }) { return chain }
        let chain = locales(of: language).flatMap { locale in
            directories.compactMap { try? read(file(locale, in: $0)) }
        }
        known.withLock { known in
            if known.count < Self.keptLanguages { known[key] = chain }
        }
        return chain
    }

    /// The folders' names, the most particular first.
    private func locales(of language: String) -> [String] {
        var languages = [language]
        // English is what the messages are written in.
        if let fallback, !language.utf8.starts(with: "en".utf8) || fallback.isEnglish {
            languages.append(fallback)
        }
        var locales: [String] = []
        for code in languages where LanguageTag.isWellFormed(code) {
            let locale = LanguageTag.locale(of: code)
            let plain = locale.splitBytes(UInt8(ascii: "_"))[0]
            for name in [locale, plain] where !locales.contains(where: { $0.equalsBytes(name) }) {
                locales.append(name)
            }
        }
        return locales
    }

    private func file(_ locale: String, in directory: String) -> String {
        "\(directory)/\(locale)/LC_MESSAGES/\(domain).mo"
    }

    private func read(_ path: String) throws -> MessageCatalog? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        guard data.count <= Self.sizeLimit else { throw MessageCatalogError.notACatalog }
        return try MessageCatalog(mo: Array(data))
    }

    /// Reads every file of the folders and reports those that are no catalogues.
    ///
    /// | id | what |
    /// | --- | --- |
    /// | `translation.E101` | a `.mo` file that cannot be read |
    ///
    /// - Returns: the messages.
    public func check() -> [CheckMessage] {
        var messages: [CheckMessage] = []
        for directory in directories {
            let locales = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            for locale in locales.sorted() {
                let path = file(locale, in: directory)
                do {
                    _ = try read(path)
                } catch {
                    messages.append(
                        CheckMessage(
                            .error,
                            id: "translation.E101",
                            "\(path) cannot be read, so its translations are missing.",
                            hint: "\(error)",
                            object: path
                        )
                    )
                }
            }
        }
        return messages
    }
}

extension String {
    fileprivate var isEnglish: Bool { utf8.starts(with: "en".utf8) }
}
