extension RegexParser {
    /// What follows `(`; nil for a comment.
    mutating func group(at start: Int) throws(LinearRegexError) -> RegexNode? {
        guard take("?") else { return try capture(nil, at: start) }
        guard let kind = take() else { throw malformed("unexpected end of pattern") }
        switch kind {
        case "P": return try named(at: start)
        case ":": return try inside(start)
        case "#":
            while let scalar = take() { if scalar == ")" { return nil } }
            throw malformed("missing ), unterminated comment", at: start)
        case "=", "!": return try lookAround(isAhead: true, isNegated: kind == "!", at: start)
        case "<":
            guard let sign = take() else { throw malformed("unexpected end of pattern") }
            guard sign == "=" || sign == "!" else {
                throw malformed("unknown extension ?<\(sign)", at: start)
            }
            return try lookAround(isAhead: false, isNegated: sign == "!", at: start)
        case ">":
            throw unsupported(
                "an atomic group",
                "Write '(?:' in place of '(?>': there is no backtracking to prevent.",
                at: start
            )
        case "(":
            throw unsupported(
                "a condition on a group",
                "Write both branches as alternatives: '(?:…|…)'.",
                at: start
            )
        default:
            index -= 1
            return try flagged(at: start)
        }
    }

    /// The inside of a group with the parenthesis that closes it.
    private mutating func inside(_ start: Int) throws(LinearRegexError) -> RegexNode {
        let node = try alternatives()
        guard take(")") else {
            throw malformed("missing ), unterminated subpattern", at: start)
        }
        return node
    }

    private mutating func capture(
        _ name: String?,
        at start: Int
    ) throws(LinearRegexError) -> RegexNode {
        groupNames.append(name)
        guard groupNames.count <= Self.maxGroups else {
            throw .tooLarge(
                pattern: pattern,
                reason: "it has more than \(Self.maxGroups) groups"
            )
        }
        openGroups.append(groupNames.count)
        defer { openGroups.removeLast() }
        return .capture(try inside(start))
    }

    private mutating func named(at start: Int) throws(LinearRegexError) -> RegexNode {
        switch take() {
        case "<":
            let name = try groupName(until: ">", at: start)
            if groupNames.contains(where: { $0.map { $0.utf8.elementsEqual(name.utf8) } == true }) {
                throw malformed("redefinition of group name '\(name)'", at: start)
            }
            return try capture(name, at: start)
        case "=":
            let name = try groupName(until: ")", at: start)
            let index = groupNames.firstIndex { $0?.utf8.elementsEqual(name.utf8) == true }
            guard let index else { throw malformed("unknown group name '\(name)'", at: start) }
            return try backReference(to: index + 1, named: name, at: start)
        case let other:
            throw malformed("unknown extension ?P\(other.map { String($0) } ?? "")", at: start)
        }
    }

    /// What a group that has been closed took, once more.
    func backReference(
        to group: Int,
        named name: String? = nil,
        at start: Int
    ) throws(LinearRegexError) -> RegexNode {
        guard group <= groupNames.count else {
            throw malformed("invalid group reference \(group)", at: start)
        }
        if openGroups.contains(group) {
            throw malformed("cannot refer to an open group", at: start)
        }
        let reference = RegexNode.BackReference(
            group: group,
            name: name,
            ignoresASCIICase: flags.isSuperset(of: [.ignoreCase, .ascii]),
            offset: start
        )
        return .backReference(reference)
    }

    private mutating func groupName(
        until end: Unicode.Scalar,
        at start: Int
    ) throws(LinearRegexError) -> String {
        var name = ""
        while let scalar = take() {
            guard scalar != end else {
                let isName =
                    name.unicodeScalars.first.map { $0 == "_" || $0.properties.isXIDStart } == true
                    && name.unicodeScalars.allSatisfy(\.properties.isXIDContinue)
                guard isName else {
                    throw malformed("bad character in group name '\(name)'", at: start)
                }
                return name
            }
            name.unicodeScalars.append(scalar)
        }
        throw malformed("missing \(end), unterminated name", at: start)
    }

    private mutating func lookAround(
        isAhead: Bool,
        isNegated: Bool,
        at start: Int
    ) throws(LinearRegexError) -> RegexNode {
        let groups = groupNames.count
        let inner = try inside(start)
        guard groupNames.count == groups else {
            throw unsupported(
                "a group inside a look-around",
                "Write '(?:' in place of '(' there.",
                at: start
            )
        }
        let kind = RegexNode.LookAround(isAhead: isAhead, isNegated: isNegated, offset: start)
        return .lookAround(inner, kind)
    }

    // MARK: Flags

    /// `(?i)` and the like, which stand in front of everything.
    mutating func readGlobalFlags() throws(LinearRegexError) {
        while true {
            let start = index
            guard take("(?"), let (added, removed) = try flagLetters(), removed.isEmpty, take(")")
            else {
                index = start
                return
            }
            flags.formUnion(added)
        }
    }

    private mutating func flagged(at start: Int) throws(LinearRegexError) -> RegexNode {
        guard let (added, removed) = try flagLetters() else {
            throw malformed("unknown extension ?\(next.map { String($0) } ?? "")", at: start)
        }
        if next == ")" { throw malformed("global flags not at the start of the expression") }
        guard take(":") else { throw malformed("missing -, : or )") }
        let outer = flags
        flags = outer.union(added).subtracting(removed)
        defer { flags = outer }
        let inner = try inside(start)
        let isCaseless = flags.contains(.ignoreCase) && !flags.contains(.ascii)
        return .ignoringCase(inner, isCaseless)
    }

    /// Letters of flags, or nil where none stand here.
    private mutating func flagLetters() throws(LinearRegexError) -> (
        added: RegexOptions, removed: RegexOptions
    )? {
        let start = index
        var added: RegexOptions = []
        var removed: RegexOptions = []
        var isRemoving = false
        while let scalar = next {
            switch scalar {
            case "-" where !isRemoving: isRemoving = true
            case "u" where !isRemoving: removed.insert(.ascii)
            default:
                guard let flag = RegexOptions(flag: scalar) else {
                    return index == start ? nil : (added, removed)
                }
                if isRemoving { removed.insert(flag) } else { added.insert(flag) }
            }
            index += 1
        }
        return index == start ? nil : (added, removed)
    }
}
