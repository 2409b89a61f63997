/// A many-to-many relation of an abstract model: each model that has its fields has a table in between
/// of its own.
///
///     @AbstractModel
///     struct Tagged {
///         @ManyToMany(relatedName: "%(class)s_set") var tags: InheritedSet<Tag>
///     }
///
///     @Model @dynamicMemberLookup
///     struct Post {
///         @Inherited var tagged: Tagged
///         var title: String
///     }
///     // "blog_post_tags" ("id", "post_id", "tag_id")
///     try await post.tags.add(tag)                     // post.tags is a RelatedSet<Tag>
///     Post.objects.prefetch(\.tags).filter { $0.tags.name == "swift" }
public struct InheritedSet<Target: Model>: Sendable {
    private let name: String
    private let loaded: PrefetchedRows<Target>?

    /// A relation.
    ///
    /// - Parameters:
    ///   - name: the name of the relation in Django's spelling.
    ///   - loaded: the rows, if they were prefetched.
    public init(_ name: String, loaded: PrefetchedRows<Target>?) {
        self.name = name
        self.loaded = loaded
    }

    /// The rows that it leads to from a row of a model that has it.
    ///
    /// - Parameter owner: the row.
    /// - Returns: the rows.
    public func rows<Owner: Model>(of owner: Owner) -> RelatedSet<Target> {
        RelatedSet(of: owner, along: name, loaded: loaded)
    }

    /// A way to a set, as one of another type that is the same.
    ///
    /// - Parameter path: the way.
    /// - Returns: the way; nil where the types are not the same.
    public static func path<Part: AbstractModel, Other: AbstractModel>(
        _ path: any KeyPath<Part, InheritedSet> & Sendable
    ) -> (any KeyPath<Other, InheritedSet> & Sendable)? {
        guard Part.self == Other.self else { return nil }
        // No conditional cast can ask for Sendable; the types were just compared.
        return unsafeBitCast(path, to: (any KeyPath<Other, InheritedSet> & Sendable).self)
    }
}
