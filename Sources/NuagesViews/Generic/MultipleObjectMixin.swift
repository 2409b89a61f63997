public import NuagesCore
public import NuagesHTTP
public import NuagesORM

/// A view that shows several objects, all at once or in pages.
///
/// Django: `MultipleObjectMixin`.
public protocol MultipleObjectMixin: ModelViewMixin {
    /// The order, by names of fields with `-` for descending; none is that of the query set.
    var ordering: [String] { get }
    /// How many objects stand on a page; nil shows all.
    var paginateBy: Int? { get }
    /// How few objects the last page may have before they move to the page in front of it.
    var paginateOrphans: Int { get }
    /// The name of the page's number in the pattern or in the query.
    var pageKwarg: String { get }
    /// Whether a page without objects is shown; else it is a 404.
    var allowEmpty: Bool { get }

    /// How many objects stand on a page of this request; nil shows all.
    ///
    /// - Parameter request: the request.
    /// - Returns: ``paginateBy`` unless the view says otherwise.
    /// - Throws: any error; it becomes the response.
    func paginateBy(_ request: Request) async throws -> Int?
}

/// The objects of a list view, with the page that they stand on.
public struct ObjectList<Object: Model>: Sendable {
    /// The objects, those of the page where there are pages.
    public let objects: [Object]
    /// The page; nil where all objects are shown.
    public let page: Page<QuerySet<Object>>?
    /// Values that the view found on its way, such as the dates of an archive.
    public internal(set) var extra = ContextDictionary()

    /// Whether there are other pages.
    public var isPaginated: Bool { page?.hasOtherPages ?? false }
}

extension MultipleObjectMixin {
    /// That of the query set.
    public var ordering: [String] { [] }
    /// All on one page.
    public var paginateBy: Int? { nil }
    /// None.
    public var paginateOrphans: Int { 0 }
    /// `page`.
    public var pageKwarg: String { "page" }
    /// True.
    public var allowEmpty: Bool { true }

    /// ``paginateBy``.
    ///
    /// - Parameter request: the request.
    /// - Returns: how many objects stand on a page.
    /// - Throws: nothing.
    public func paginateBy(_ request: Request) async throws -> Int? { paginateBy }

    /// The query set in the view's order.
    func orderedQuerySet(
        _ request: Request,
        by fallback: [String] = []
    ) async throws -> QuerySet<
        Object
    > {
        let objects = try await querySet(request)
        let names = ordering.isEmpty ? fallback : ordering
        return names.isEmpty ? objects : objects.order(by: names)
    }

    /// The objects of a query set, or those of the page that the request asks for.
    func objectList(
        _ objects: QuerySet<Object>,
        _ request: Request
    ) async throws -> ObjectList<Object> {
        guard let perPage = try await paginateBy(request) else {
            let found = try await objects.all()
            guard allowEmpty || !found.isEmpty else { throw emptyList }
            return ObjectList(objects: found, page: nil)
        }
        let paginator = Paginator(
            objects,
            perPage: perPage,
            orphans: paginateOrphans,
            allowsEmptyFirstPage: allowEmpty
        )
        if !allowEmpty, try await paginator.count() == 0 { throw emptyList }
        let page = try await page(of: paginator, request)
        return ObjectList(objects: page.elements, page: page)
    }

    private var emptyList: HTTPError {
        .notFound("No \(verboseNamePlural) available, and \(Self.self).allowEmpty is false.")
    }

    private func page(
        of paginator: Paginator<QuerySet<Object>>,
        _ request: Request
    ) async throws -> Page<QuerySet<Object>> {
        let inPath = request.resolverMatch?.argument(pageKwarg)?.description
        let text = [inPath, request.query[pageKwarg]].lazy.compactMap(\.self).first { !$0.isEmpty }
        do {
            guard let text else { return try await paginator.page(1) }
            if text.utf8.elementsEqual("last".utf8) {
                return try await paginator.page(try await paginator.pageCount())
            }
            return try await paginator.page(text)
        } catch let error as InvalidPage {
            throw HTTPError.notFound("\(error)")
        }
    }

    /// `object_list`, the list by the name of its model, `paginator`, `page_obj`, `is_paginated`.
    func listContext(_ list: ObjectList<Object>) -> ContextDictionary {
        let objects = ContextValue.array(list.objects.map { .object($0) })
        var context = ContextDictionary()
        context["paginator"] = list.page.map { .object($0.paginator) } ?? ContextValue.none
        context["page_obj"] = list.page.map { .object($0) } ?? ContextValue.none
        context["is_paginated"] = .bool(list.isPaginated)
        context["object_list"] = objects
        context[contextObjectName ?? "\(Object.schema.name.lowercased())_list"] = objects
        return context.merging(list.extra)
    }
}

extension MultipleObjectMixin where Self: TemplateResponseMixin {
    /// ``templateName``, then that of the model.
    var templateNames: [String] { [templateName, modelTemplateName].compactMap(\.self) }
}
