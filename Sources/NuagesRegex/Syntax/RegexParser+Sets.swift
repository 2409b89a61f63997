extension RegexParser {
    /// What follows a backslash outside brackets.
    mutating func escape(at start: Int) throws(LinearRegexError) -> RegexNode {
        guard let scalar = next else { throw malformed("bad escape (end of pattern)", at: start) }
        switch scalar {
        case "A":
            index += 1
            return .anchor(.textStart)
        case "Z", "z":
            index += 1
            return .anchor(.textEnd)
        case "b", "B":
            index += 1
            guard flags.contains(.ascii) else {
                throw unsupported(
                    "'\\\(scalar)' of Unicode",
                    "Put '(?a)' in front to look for boundaries of ASCII words, or write out what "
                        + "may stand there.",
                    at: start
                )
            }
            return .anchor(scalar == "b" ? .wordBoundary : .notWordBoundary)
        case "1"..."9" where octalDigits() < 3:
            let group = groupNumber()
            return try backReference(to: group, at: start)
        default: break
        }
        if let (name, isNegated) = classEscape() { return .set(Self.set(name, isNegated, flags)) }
        return literal(try characterEscape(at: start))
    }

    /// `\d`, `\s`, `\w` and their opposites.
    private mutating func classEscape() -> (RegexSet.Class, isNegated: Bool)? {
        let found: (RegexSet.Class, isNegated: Bool)
        switch next {
        case "d": found = (.digit, false)
        case "D": found = (.digit, true)
        case "s": found = (.space, false)
        case "S": found = (.space, true)
        case "w": found = (.word, false)
        case "W": found = (.word, true)
        default: return nil
        }
        index += 1
        return found
    }

    private static func set(
        _ name: RegexSet.Class,
        _ isNegated: Bool,
        _ flags: RegexOptions
    ) -> RegexSet {
        var set = RegexSet()
        add(name, isNegated, flags, to: &set)
        return set
    }

    private static func add(
        _ name: RegexSet.Class,
        _ isNegated: Bool,
        _ flags: RegexOptions,
        to set: inout RegexSet
    ) {
        if flags.contains(.ascii) {
            set.ranges += (isNegated ? name.ascii.inverted : name.ascii).ranges
        } else if isNegated {
            set.negatedClasses.insert(name)
        } else {
            set.classes.insert(name)
        }
    }

    /// One decimal digit or two.
    private mutating func groupNumber() -> Int {
        var number = 0
        for _ in 0..<2 {
            guard let scalar = next, ("0"..."9").contains(scalar) else { break }
            number = 10 * number + Int(scalar.value - 0x30)
            index += 1
        }
        return number
    }

    /// How many octal digits stand here, at most three.
    private func octalDigits() -> Int {
        scalars[index...].prefix(3).prefix { ("0"..."7").contains($0) }.count
    }

    /// An escape that stands for one scalar; the backslash is read.
    private mutating func characterEscape(
        at start: Int
    ) throws(LinearRegexError) -> Unicode.Scalar {
        guard let scalar = take() else { throw malformed("bad escape (end of pattern)", at: start) }
        switch scalar {
        case "a": return "\u{07}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{0B}"
        case "x": return try coded(digits: 2, at: start)
        case "u": return try coded(digits: 4, at: start)
        case "U": return try coded(digits: 8, at: start)
        case "0"..."7":
            index -= 1
            return try octal(at: start)
        default:
            let isLetterOrDigit =
                ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || ("0"..."9").contains(scalar)
            if isLetterOrDigit { throw malformed("bad escape \\\(scalar)", at: start) }
            return scalar
        }
    }

    private mutating func octal(at start: Int) throws(LinearRegexError) -> Unicode.Scalar {
        var value: UInt32 = 0
        for _ in 0..<octalDigits() {
            guard let digit = take() else { break }
            value = value * 8 + digit.value - 0x30
        }
        guard value <= 0o377, let scalar = Unicode.Scalar(value) else {
            throw malformed("octal escape value outside of range 0-0o377", at: start)
        }
        return scalar
    }

    private mutating func coded(
        digits: Int,
        at start: Int
    ) throws(LinearRegexError) -> Unicode.Scalar {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = take(), let number = Self.hexValue(digit) else {
                throw malformed("incomplete escape", at: start)
            }
            value = value &* 16 &+ number
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw malformed("an escape that is no Unicode scalar", at: start)
        }
        return scalar
    }

    private static func hexValue(_ scalar: Unicode.Scalar) -> UInt32? {
        switch scalar {
        case "0"..."9": scalar.value - 0x30
        case "a"..."f": scalar.value - 0x61 + 10
        case "A"..."F": scalar.value - 0x41 + 10
        default: nil
        }
    }

    // MARK: Brackets

    /// What follows `[`.
    mutating func set(at start: Int) throws(LinearRegexError) -> RegexNode {
        var set = RegexSet()
        set.isNegated = take("^")
        var isFirst = true
        while true {
            guard let scalar = next else {
                throw malformed("unterminated character set", at: start)
            }
            if scalar == "]", !isFirst {
                index += 1
                break
            }
            isFirst = false
            try addMember(to: &set, start)
        }
        if flags.isSuperset(of: [.ignoreCase, .ascii]) {
            set.ranges = ScalarRanges(set.ranges).withBothASCIICases.ranges
        }
        return .set(set)
    }

    private mutating func addMember(
        to set: inout RegexSet,
        _ start: Int
    ) throws(LinearRegexError) {
        let offset = index
        guard let low = try member(of: &set) else { return }
        guard next == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else {
            set.ranges.append(low.value...low.value)
            return
        }
        index += 1
        guard let high = try member(of: &set), high.value >= low.value else {
            throw malformed("bad character range", at: offset)
        }
        set.ranges.append(low.value...high.value)
    }

    /// One scalar of a set; nil for a class, which has been added.
    private mutating func member(
        of set: inout RegexSet
    ) throws(LinearRegexError) -> Unicode.Scalar? {
        let start = index
        guard let scalar = take() else { throw malformed("unterminated character set") }
        guard scalar == "\\" else { return scalar }
        if let (name, isNegated) = classEscape() {
            Self.add(name, isNegated, flags, to: &set)
            return nil
        }
        if take("b") { return "\u{08}" }
        return try characterEscape(at: start)
    }
}
