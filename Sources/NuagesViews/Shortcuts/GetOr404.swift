public import NuagesHTTP
public import NuagesORM

extension QuerySet {
    /// The object with the key `key`, or a 404 page.
    ///
    ///     let question = try await Question.objects.published.getOr404(questionID)
    ///     // SELECT … FROM "polls_question" WHERE "pub_date" <= ? AND "id" = ? LIMIT 21
    ///
    /// Django: `django.shortcuts.get_object_or_404`.
    ///
    /// - Parameter key: the primary key.
    /// - Returns: the object.
    /// - Throws: `HTTPError.notFound` where this query set has no such object.
    public func getOr404(_ key: M.KeyValue) async throws -> M {
        do {
            return try await get(key)
        } catch ModelError.doesNotExist {
            throw HTTPError.notFound("No \(M.schema.name) matches the given query.")
        }
    }

    /// The only object of this query set, or a 404 page.
    ///
    /// - Returns: the object.
    /// - Throws: `HTTPError.notFound` where the query set is empty,
    ///   `ModelError` where it has several objects.
    public func getOr404() async throws -> M {
        do {
            return try await get()
        } catch ModelError.doesNotExist {
            throw HTTPError.notFound("No \(M.schema.name) matches the given query.")
        }
    }

    /// The objects of this query set, or a 404 page where there are none.
    ///
    ///     let choices = try await Choice.objects.filter { $0.votes > 0 }.getListOr404()
    ///
    /// Django: `django.shortcuts.get_list_or_404`.
    ///
    /// - Returns: the objects, at least one.
    /// - Throws: `HTTPError.notFound` where the query set is empty.
    public func getListOr404() async throws -> [M] {
        let objects = try await all()
        guard !objects.isEmpty else {
            throw HTTPError.notFound("No \(M.schema.name) matches the given query.")
        }
        return objects
    }
}
