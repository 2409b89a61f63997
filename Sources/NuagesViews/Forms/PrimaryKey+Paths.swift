public import NuagesHTTP
public import NuagesORM

extension PrimaryKey: PathArgumentConvertible where M.KeyValue: PathArgumentConvertible {
    /// The key as an argument of a route; no route takes the key of a model that is not saved.
    public var pathArgument: PathArgument { value?.pathArgument ?? .string("") }
}
