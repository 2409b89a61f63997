/// Fields or relations of a model, made by a closure: one, or a tuple of several.
///
///     { $0.title }
///     { ($0.title, $0.author) }
public struct FieldList: Sendable {
    /// The paths in Django's spelling: `author__name`; empty for the model itself.
    let paths: [String]
}

/// Makes a ``FieldList`` of fields and relations.
@resultBuilder
public enum FieldListBuilder {
    /// What the closure gives.
    ///
    /// - Parameter list: the fields.
    /// - Returns: the same.
    public static func buildBlock(_ list: FieldList) -> FieldList { list }

    /// The fields of a tuple, or a single one.
    ///
    /// - Parameter fields: the fields.
    /// - Returns: their paths.
    public static func buildExpression<each Field: NamedField>(
        _ fields: (repeat each Field)
    ) -> FieldList {
        var paths: [String] = []
        for field in repeat each fields { paths.append(field.lookupPath) }
        return FieldList(paths: paths)
    }
}

/// Makes a ``FieldList`` of relations alone.
@resultBuilder
public enum RelationListBuilder {
    /// What the closure gives.
    ///
    /// - Parameter list: the relations.
    /// - Returns: the same.
    public static func buildBlock(_ list: FieldList) -> FieldList { list }

    /// The relations of a tuple, or a single one.
    ///
    /// - Parameter relations: the relations.
    /// - Returns: their paths.
    public static func buildExpression<each Relation: RelationFields>(
        _ relations: (repeat each Relation)
    ) -> FieldList {
        var paths: [String] = []
        for relation in repeat each relations { paths.append(relation.lookupPath) }
        return FieldList(paths: paths)
    }
}
