public import NuagesCore
public import NuagesHTTP

extension RouteName where repeat each Value: PathArgumentConvertible {
    /// The path of the route in this site: its reverse function.
    ///
    ///     try PollsURL.detail(5)                        // /polls/5/
    ///     try PollsURL.detail(5, fragment: "votes")     // /polls/5/#votes
    ///     try PollsURL.detail("five")                   // does not compile
    ///
    /// The prefix of the site (`FORCE_SCRIPT_NAME`) stands in front. Where an application has
    /// several instances, `PollsURL.detail(5, in: request)` stays in the one that answers.
    ///
    /// Django: `reverse`.
    ///
    /// - Parameters:
    ///   - value: the values of the route, in order.
    ///   - query: what stands behind `?`.
    ///   - fragment: what stands behind `#`.
    /// - Returns: the path, percent-encoded.
    /// - Throws: `ReverseError` where no URL has these values, `SiteError` where no site is set up.
    public func callAsFunction(
        _ value: repeat each Value,
        query: QueryDict? = nil,
        fragment: String? = nil
    ) throws -> String {
        try reverse(
            fullName,
            positional: arguments(repeat each value),
            query: query,
            fragment: fragment
        )
    }
}
