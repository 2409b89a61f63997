/// The fields of a model together with values that were computed for each row.
///
///     Question.objects.annotate { $0.choices.count() }
///         .filter { $0.values > 3 && $0.pubDate < .now }
///     Question.objects.annotate { ($0.choices.count(), $0.choices.votes.sum()) }
///         .order { $0.values.1.descending }
@dynamicMemberLookup
public struct ComputedFields<Fields: ModelFields, References: Sendable>: Sendable {
    /// The fields of the model; its members are members here.
    public let fields: Fields
    /// The values: one as it is, several as a tuple.
    public let values: References

    init(_ values: References) {
        fields = Fields(path: RelationPath())
        self.values = values
    }

    /// A field or relation of the model.
    ///
    /// - Parameter member: the field or relation.
    public subscript<Member>(dynamicMember member: KeyPath<Fields, Member>) -> Member {
        fields[keyPath: member]
    }
}
