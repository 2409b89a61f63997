/// The path below which a site lies.
package enum ScriptPrefix {
    /// A value of `FORCE_SCRIPT_NAME` with a slash at both ends; `/` for none.
    ///
    /// - Parameter name: such as `/shop`.
    /// - Returns: such as `/shop/`.
    package static func of(_ name: String?) -> String {
        guard let name, !name.isEmpty, !name.equalsBytes("/") else { return "/" }
        let start = name.utf8.first == 0x2F ? name : "/" + name
        return start.utf8.last == 0x2F ? start : start + "/"
    }
}
