extension SQLFunction {
    /// A JSON array of the arguments.
    public static let jsonArray = SQLFunction(
        "JSONArray",
        "JSON_ARRAY",
        0...1000,
        gives: .fixed(.json)
    )

    /// A JSON object: the arguments are keys and values in turn.
    public static let jsonObject = SQLFunction(
        "JSONObject",
        "JSON_OBJECT",
        0...1000,
        gives: .fixed(.json)
    ) { node in
        guard node.arguments.count.isMultiple(of: 2) else {
            throw UsageError.invalidValue("JSONObject takes a value for each key.")
        }
        return node
    }

    static let jsons: [SQLFunction] = [.jsonArray, .jsonObject]
}

extension FunctionCall {
    /// A JSON object of members.
    ///
    ///     FunctionCall.jsonObject([("title", .reference(["title"]))])
    ///     // JSON_OBJECT('title', "book"."title")
    ///
    /// - Parameter members: keys and values.
    /// - Returns: the call.
    public static func jsonObject(_ members: [(String, ExpressionNode)]) -> FunctionCall {
        FunctionCall(.jsonObject, members.flatMap { [.value(.text($0.0), .character), $0.1] })
    }
}
