import Foundation
import NuagesCore
import Testing

@testable import NuagesTemplates

/// The templates of Django's admin, accounts, forms and others, read from its source distribution.
///
/// `DJANGO_SOURCE` is the folder `django` of it. Skipped where that is not set.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["DJANGO_SOURCE"] != nil))
struct DjangoTemplatesTests {
    private struct SilentNode: LeafNode {
        func render(_ renderer: Renderer) {}
    }

    // The admin itself belongs to no module yet; its templates must compile all the same.
    /// The names of the admin's tags and filters, which write nothing here.
    private static var adminLibraries: [String: Library] {
        var list = Library()
        let tags = [
            "pagination", "result_list", "date_hierarchy", "search_form", "admin_actions",
            "change_list_object_tools", "prepopulated_fields_js", "submit_row",
            "change_form_object_tools", "change_form_admin_actions", "get_admin_log",
        ]
        for tag in tags { list.tag(tag) { _, _ in .leaf(SilentNode()) } }
        for tag in ["paginator_number", "admin_list_filter", "add_preserved_filters"] {
            list.simpleTag(tag) { call in call.positional.first ?? .string("") }
        }
        for filter in ["cell_count", "admin_urlquote", "to_object_display_value"] {
            list.filter(filter) { value, _, _ in value }
        }
        for filter in ["admin_urlname", "truncated_unordered_list"] {
            list.filter(filter, argument: .required) { value, _, _ in value }
        }
        list.simpleTag("render_password_as_hash") { _ in .string("") }
        let names = ["admin_list", "admin_modify", "admin_urls", "admin_filters", "log", "auth"]
        return Dictionary(uniqueKeysWithValues: names.map { ($0, list) })
    }

    private static let folders = [
        "contrib/admin/templates", "contrib/admindocs/templates", "contrib/auth/templates",
        "contrib/sitemaps/templates", "contrib/redirects/templates",
        "contrib/flatpages/templates", "contrib/postgres/templates", "contrib/gis/templates",
        "forms/templates",
    ]

    private var engine: TemplateEngine? {
        ProcessInfo.processInfo.environment["DJANGO_SOURCE"].map { source in
            TemplateEngine(
                directories: Self.folders.map { "\(source)/\($0)" },
                isDebug: false,
                libraries: Self.adminLibraries
            )
        }
    }

    private var environment: TemplateEnvironment {
        var environment = TemplateEnvironment()
        environment.reverseURL = { name, _, _ in "/\(name)/" }
        environment.staticURL = { "/static/\($0)" }
        environment.query = { [:] }
        return environment
    }

    @Test func allAreCompiled() throws {
        let engine = try #require(engine)
        let messages = engine.check().filter { $0.level >= .error }
        #expect(messages.isEmpty, "\(messages.map(\.description).joined(separator: "\n"))")
        let names = engine.storage.loaders.flatMap { $0.allNames() }
        #expect(names.count > 100)
    }

    @Test func allAreRendered() async throws {
        let engine = try #require(engine)
        let empty: ContextDictionary = [:]
        let context: ContextDictionary = [
            "title": "A <title>", "site_header": "Header", "user": ["get_username": "ann"],
            "widget": [
                "name": "w", "attrs": empty, "template_name": "django/forms/widgets/input.html",
                "subwidgets": [ContextValue](), "optgroups": [ContextValue](),
            ] as ContextDictionary,
            "opts": ["app_label": "polls", "model_name": "poll", "app_config": empty]
                as ContextDictionary,
            "spec": ["field_generic": "x"] as ContextDictionary, "cl": empty,
            "fieldset": ["is_collapsible": false] as ContextDictionary,
            "inline_admin_formset": empty, "log_entries": [ContextValue](),
            // What Django's widgets and sitemaps always have.
            "delete_confirmation_max_display": 100, "max_items": 10, "items_per_line": 3,
        ]
        var failures: [String] = []
        for name in Set(engine.storage.loaders.flatMap { $0.allNames() }).sorted() {
            do {
                let page = try await engine.render(name, context, environment: environment)
                if page.count > 10_000_000 { failures.append("\(name) is endless") }
            } catch {
                failures.append("\(name): \(error)")
            }
        }
        // These include a template whose name a real widget or formset gives them.
        let unnamed = failures.filter { $0.contains("No template names provided") }
        let others = failures.filter { !unnamed.contains($0) }
        #expect(others.isEmpty, "\(others.joined(separator: "\n"))")
    }
}
