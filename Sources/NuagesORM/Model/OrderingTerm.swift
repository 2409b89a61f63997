/// What rows are ordered by where a query set says nothing (`Meta.ordering`).
///
///     @Model(ordering: ["-pub_date", .expression(.function("Lower", [.field("headline")]))])
public enum OrderingTerm: Sendable, Hashable, ExpressibleByStringLiteral {
    /// A field or relation by its name, with `-` for descending.
    case name(String)
    /// An expression, such as `.ordered(.function("Lower", [.field("name")]), isDescending: true)`.
    case expression(SchemaExpression)

    /// A field or relation.
    ///
    /// - Parameter value: the name, with `-` for descending.
    public init(stringLiteral value: String) { self = .name(value) }
}
