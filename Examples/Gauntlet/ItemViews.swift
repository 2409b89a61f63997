import Nuages

/// Searches the items: `?q=` in their titles, `?sort=` of ``ItemOrder``, `?page=`.
func search(_ request: Request) async throws -> Response {
    let form = try await SearchForm.bind(request)
    guard case .valid(let search) = form else {
        throw HTTPError.badRequest("The search is not understood.")
    }
    var found = Item.objects.filter { $0.title.ignoringCase(.icontains, search.q) }
    switch search.sort {
    case .price: found = found.order { [$0.price.ascending, $0.id.ascending] }
    case .newest: found = found.order { $0.id.descending }
    case .title, nil: found = found.order { [$0.title.ascending, $0.id.ascending] }
    }
    let page = try await Paginator(found, perPage: 10).page(request.query["page"] ?? "1")
    return try await render(
        request,
        "gauntlet/search.html",
        ["q": search.q, "sort": search.sort?.rawValue ?? "title", "page": page]
    )
}

/// Lists the items whose fields have the values that the query names: `?colour=red`.
///
/// Only the fields that are listed here can be asked for; a lookup such as `title__regex` or
/// a field of another model is refused.
func filterItems(_ request: Request) async throws -> Response {
    let allowed = ["title", "colour", "price"]
    let lookups = try request.query.entries.map { entry in
        guard allowed.contains(entry.name), entry.values.count == 1 else {
            throw HTTPError.badRequest("Items can be filtered by \(allowed).")
        }
        return (entry.name, LookupOperand(entry.values[0]))
    }
    let found = Item.objects.filter(lookups: Lookups(lookups)).order { $0.id.ascending }
    do {
        let items = try await found.limit(50).all()
        return try await render(request, "gauntlet/filter.html", ["items": items])
    } catch let error as FieldError {
        throw HTTPError.badRequest("\(error)")
    }
}

/// One item.
func showItem(_ request: Request, itemID: Int) async throws -> Response {
    let item = try await Item.objects.getOr404(itemID)
    return try await render(request, "gauntlet/item.html", ["item": item])
}
