extension QueryDict: ContextObject {
    /// The last value of a name; `items`, `lists`, `keys`, `values` and `urlencode` besides.
    ///
    /// - Parameter name: the name in the query or form.
    /// - Returns: the value, or nil.
    public func contextMember(_ name: String) -> ContextValue? {
        if let value = self[name] { return .string(value) }
        switch name {
        case "items":
            return .array(names.map { .array([.string($0), .string(self[$0] ?? "")]) })
        case "lists":
            return .array(
                names.map { .array([.string($0), .array(list($0).map(ContextValue.string))]) }
            )
        case "keys": return .array(names.map(ContextValue.string))
        case "values": return .array(names.map { .string(self[$0] ?? "") })
        case "urlencode": return .string(urlEncoded)
        default: return nil
        }
    }

    /// The names with their lists, for debugging.
    public var contextDescription: ContextValue {
        let lists = names.map { name in (name, ContextValue.array(list(name).map { .string($0) })) }
        return .string("<QueryDict: \(ContextValue.dictionary(.init(lists)).representation())>")
    }

    /// The names.
    public var contextElements: [ContextValue]? { names.map(ContextValue.string) }

    /// `a=1&b=2`, encoded as a form.
    package var urlEncoded: String {
        entries.flatMap { entry in
            entry.values.map {
                "\(PercentCoding.encodeForm(entry.name))=\(PercentCoding.encodeForm($0))"
            }
        }.joined(separator: "&")
    }
}
