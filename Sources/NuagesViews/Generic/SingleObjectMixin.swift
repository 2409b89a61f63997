import NuagesCore
public import NuagesHTTP
public import NuagesORM

/// A view that is about objects of one model.
public protocol ModelViewMixin: ContextMixin {
    /// The model.
    associatedtype Object: Model

    /// The model.
    var model: Object.Type { get }
    /// The name by which a template reaches the object or the list besides the general one.
    var contextObjectName: String? { get }
    /// What is put behind the name of the model in the name of the template, such as `_detail`.
    var templateNameSuffix: String { get }

    /// The objects that the view may show.
    ///
    /// - Parameter request: the request.
    /// - Returns: a query set.
    /// - Throws: any error; it becomes the response.
    func querySet(_ request: Request) async throws -> QuerySet<Object>
}

extension ModelViewMixin {
    /// The model that the type of the view names.
    public var model: Object.Type { Object.self }
    /// None of its own: the name of the model is the name.
    public var contextObjectName: String? { nil }

    /// All objects.
    ///
    /// - Parameter request: the request.
    /// - Returns: a query set.
    /// - Throws: nothing.
    public func querySet(_ request: Request) async throws -> QuerySet<Object> {
        Object.defaultManager
    }

    /// `polls/question_detail.html`.
    var modelTemplateName: String {
        let schema = Object.schema
        return "\(schema.app)/\(schema.name.lowercased())\(templateNameSuffix).html"
    }

    /// `object`, and the object by the name of its model.
    func objectContext(_ object: Object) -> ContextDictionary {
        var context = ContextDictionary()
        context["object"] = .object(object)
        context[contextObjectName ?? Object.schema.name.lowercased()] = .object(object)
        return context
    }

    /// The name of several objects for people.
    var verboseNamePlural: String {
        Object.schema.verboseNamePlural ?? "\(Object.schema.name.lowercased())s"
    }
}

/// A view that shows one object, found by its key or its slug in the URL.
///
/// Django: `SingleObjectMixin`.
public protocol SingleObjectMixin: ModelViewMixin {
    /// The name of the key in the pattern.
    var pkURLKwarg: String { get }
    /// The name of the slug in the pattern.
    var slugURLKwarg: String { get }
    /// The field that holds the slug, in Django's spelling.
    var slugField: String { get }
    /// Whether both must match where the pattern has both; else the key alone decides.
    var queriesPkAndSlug: Bool { get }
    /// A field whose value is the name of a template for the object.
    var templateNameField: String? { get }

    /// The object that the request is about.
    ///
    /// - Parameter request: the request.
    /// - Returns: the object.
    /// - Throws: `HTTPError.notFound` where there is none.
    func object(_ request: Request) async throws -> Object
}

extension SingleObjectMixin {
    /// `pk`.
    public var pkURLKwarg: String { "pk" }
    /// `slug`.
    public var slugURLKwarg: String { "slug" }
    /// `slug`.
    public var slugField: String { "slug" }
    /// False.
    public var queriesPkAndSlug: Bool { false }
    /// None.
    public var templateNameField: String? { nil }

    /// The object with the key or the slug of the URL.
    ///
    /// - Parameter request: the request.
    /// - Returns: the object.
    /// - Throws: `HTTPError.notFound` where there is none,
    ///   ``ViewError/noObjectArgument(view:key:slug:)`` where the pattern has neither.
    public func object(_ request: Request) async throws -> Object {
        try await object(request, in: try await querySet(request))
    }

    /// The object with the key or the slug of the URL among those of a query set.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - querySet: where it is looked for.
    /// - Returns: the object.
    /// - Throws: `HTTPError.notFound` where there is none,
    ///   ``ViewError/noObjectArgument(view:key:slug:)`` where the pattern has neither.
    public func object(
        _ request: Request,
        in querySet: QuerySet<Object>
    ) async throws -> Object {
        let key = request.resolverMatch?.argument(pkURLKwarg)
        let slug = request.resolverMatch?.argument(slugURLKwarg)
        var objects = querySet
        if let key { objects = objects.filter(Q("pk", key.lookupOperand)) }
        if let slug, key == nil || queriesPkAndSlug {
            objects = objects.filter(Q(slugField, slug.lookupOperand))
        }
        guard key != nil || slug != nil else {
            throw ViewError.noObjectArgument(
                view: "\(Self.self)",
                key: pkURLKwarg,
                slug: slugURLKwarg
            )
        }
        do {
            return try await objects.get()
        } catch ModelError.doesNotExist {
            throw HTTPError.notFound("No \(Object.schema.name) found that matches the query.")
        } catch FieldError.invalidValue {
            // A key of another form than the model's is the key of no object.
            throw HTTPError.notFound("No \(Object.schema.name) has such a key.")
        }
    }
}

extension PathArgument {
    /// The value as a lookup compares with it.
    var lookupOperand: LookupOperand {
        switch self {
        case .int(let value): .value(.int(value))
        case .string(let value): .value(.text(value))
        case .uuid(let value): .value(.uuid(value))
        case .other(let value):
            .value((value as? any FieldValue)?.sqlValue ?? .text(description))
        }
    }
}
