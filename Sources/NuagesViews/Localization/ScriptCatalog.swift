import NuagesCore
import NuagesForms
import NuagesHTTP
import NuagesTemplates
import Synchronization

/// The translations of each language as a script or document, which is written once.
final class ScriptCatalog: Sendable {
    struct Content {
        var catalog: JSONValue
        var formats: JSONValue
        /// An expression of `n` in JavaScript.
        var plural: String?
    }

    private let apps: [String]?
    private let domain: String
    private let write: @Sendable (Content) -> [UInt8]
    private let catalogs = Mutex<MessageCatalogs?>(nil)
    private let written = Mutex<[ByteKey: [UInt8]]>([:])

    /// Languages that are kept; more are written each time.
    private static let keptLanguages = 500

    init(apps: [String]?, domain: String, write: @escaping @Sendable (Content) -> [UInt8]) {
        self.apps = apps
        self.domain = domain
        self.write = write
    }

    /// What is written for the language of a request.
    func bytes(for request: Request) throws -> [UInt8] {
        let site = try SiteContext.current
        let environment = site.templateEnvironment(for: request)
        let localization = environment.localization
        let key = ByteKey(localization.language)
        if let known = written.withLock({ $0[key] }) { return known }
        let chain = try files(site).chain(of: localization.language)
        let forms = site.formEnvironment(for: request, environment)
        let bytes = write(
            Content(
                catalog: Self.document(chain),
                formats: Self.document(localization, forms),
                plural: chain.first?.pluralExpression
            )
        )
        written.withLock { written in
            if written.count < Self.keptLanguages { written[key] = bytes }
        }
        return bytes
    }

    private func files(_ site: SiteContext) throws -> MessageCatalogs {
        if let known = catalogs.withLock({ $0 }) { return known }
        var chosen = site.apps
        if let apps {
            chosen = try apps.map { label in
                guard let app = site.apps.first(where: { $0.label.equalsBytes(label) }) else {
                    throw SiteError.unknownApp(label, choices: site.apps.map(\.label))
                }
                return app
            }
        }
        let made = MessageCatalogs(
            directories: site.settings.localeDirectories
                + chosen.compactMap(\.directory).map { $0 + "/locale" },
            domain: domain,
            fallback: site.settings.languageCode
        )
        catalogs.withLock { $0 = made }
        return made
    }

    /// The messages, those of the first file that has one; with a plural a list of forms.
    private static func document(_ chain: [MessageCatalog]) -> JSONValue {
        var found: [ByteKey: JSONValue] = [:]
        let count = chain.first?.pluralCount ?? 2
        for file in chain {
            for (id, forms, isPlural) in file.messages where found[ByteKey(id)] == nil {
                if isPlural {
                    found[ByteKey(id)] = .array(
                        (0..<count).map { .string(forms.indices.contains($0) ? forms[$0] : "") }
                    )
                } else {
                    found[ByteKey(id)] = .string(forms.first ?? "")
                }
            }
        }
        let sorted = found.sorted { $0.key.name.utf8.lexicographicallyPrecedes($1.key.name.utf8) }
        return .object(sorted.map { .init($0.key.name, $0.value) })
    }

    private static func document(
        _ localization: Localization,
        _ environment: FormEnvironment
    ) -> JSONValue {
        let formats = localization.formats
        func list(_ formats: [DateInputFormat]) -> JSONValue {
            .array(formats.map { .string($0.source) })
        }
        return .object([
            .init("DATETIME_FORMAT", .string(formats.dateTimeFormat)),
            .init("DATETIME_INPUT_FORMATS", list(environment.dateTimeInputFormats)),
            .init("DATE_FORMAT", .string(formats.dateFormat)),
            .init("DATE_INPUT_FORMATS", list(environment.dateInputFormats)),
            .init("DECIMAL_SEPARATOR", .string(formats.decimalSeparator)),
            .init("FIRST_DAY_OF_WEEK", .int(formats.firstDayOfWeek)),
            .init("MONTH_DAY_FORMAT", .string(formats.monthDayFormat)),
            .init("NUMBER_GROUPING", .int(formats.numberGrouping.first ?? 0)),
            .init("SHORT_DATETIME_FORMAT", .string(formats.shortDateTimeFormat)),
            .init("SHORT_DATE_FORMAT", .string(formats.shortDateFormat)),
            .init("THOUSAND_SEPARATOR", .string(formats.thousandSeparator)),
            .init("TIME_FORMAT", .string(formats.timeFormat)),
            .init("TIME_INPUT_FORMATS", list(environment.timeInputFormats)),
            .init("YEAR_MONTH_FORMAT", .string(formats.yearMonthFormat)),
        ])
    }

    static let start = "\"use strict\";\n{\n"

    /// Defines the functions; a second script of the page adds its messages to those of the first.
    static let end = """
        const django = globalThis.django ??= {};
        const own = (messages, id) => Object.hasOwn(messages, id) ? messages[id] : undefined;
        django.catalog = Object.assign(django.catalog ?? {}, catalog);
        django.pluralidx = plural;
        if (!django.jsi18n_initialized) {
          django.gettext = (id) => {
            const value = own(django.catalog, id);
            return value === undefined ? id : Array.isArray(value) ? value[0] : value;
          };
          django.ngettext = (singular, pluralForm, count) => {
            const value = own(django.catalog, singular);
            if (value === undefined) { return count == 1 ? singular : pluralForm; }
            return Array.isArray(value) ? value[django.pluralidx(count)] : value;
          };
          django.gettext_noop = (id) => id;
          django.pgettext = (context, id) => {
            const value = django.gettext(context + "\\x04" + id);
            return value.includes("\\x04") ? id : value;
          };
          django.npgettext = (context, singular, pluralForm, count) => {
            const value = django.ngettext(
              context + "\\x04" + singular, context + "\\x04" + pluralForm, count);
            return value.includes("\\x04")
              ? django.ngettext(singular, pluralForm, count) : value;
          };
          django.interpolate = (format, values, isNamed) => isNamed
            ? format.replace(/%\\(\\w+\\)s/g, (name) => String(values[name.slice(2, -2)]))
            : format.replace(/%s/g, () => String(values.shift()));
          django.formats = formats;
          django.get_format = (name) => own(django.formats, name) ?? name;
          for (const name of ["pluralidx", "gettext", "ngettext", "gettext_noop", "pgettext",
            "npgettext", "interpolate", "get_format"]) {
            globalThis[name] = (...values) => django[name](...values);
          }
          django.jsi18n_initialized = true;
        }
        }

        """
}
