internal import NuagesCore

/// The language of a request as the first part of its path: `/nl/about/`.
struct LanguagePrefix: Sendable {
    let defaultLanguage: String
    let prefixesDefault: Bool

    /// The prefix of the language that is active in this task, with its slash; perhaps empty.
    var current: String {
        let language = ActiveLanguage.current ?? defaultLanguage
        let isBare = !prefixesDefault && language.equalsBytes(defaultLanguage)
        return isBare ? "" : language + "/"
    }

    func end(in path: UnsafeBufferPointer<UInt8>, from offset: Int) -> Int? {
        let prefix = Array(current.utf8)
        return path[offset...].starts(with: prefix) ? offset + prefix.count : nil
    }
}

/// Routes with the language of the request in front of them: `/nl/about/`.
///
///     i18nPatterns(defaultLanguage: settings.languageCode) {
///         #path("about/", about, name: "about")
///     }
///
/// They match, and are reversed, with the language of `ActiveLanguage.current`. They belong on the
/// outermost level of a site's URLs.
///
/// Django: `django.conf.urls.i18n.i18n_patterns`.
///
/// - Parameters:
///   - defaultLanguage: the language of the site, such as `settings.languageCode`.
///   - prefixDefaultLanguage: whether the default language stands in the path as well.
///   - routes: the routes.
/// - Returns: a route to them.
public func i18nPatterns(
    defaultLanguage: String,
    prefixDefaultLanguage: Bool = true,
    @RoutesBuilder _ routes: () -> Routes
) -> Route {
    let prefix = LanguagePrefix(
        defaultLanguage: defaultLanguage,
        prefixesDefault: prefixDefaultLanguage
    )
    return Route(
        pattern: RoutePattern(prefix),
        target: .include(routes(), namespace: nil),
        name: nil,
        methods: nil
    )
}
