import NuagesCore

extension Library {
    /// Filters on lists and plain values.
    mutating func addListFilters() {
        plainFilter("default", argument: .required) { value, other, _ in
            value.isTrue ? value : other ?? .none
        }
        plainFilter("default_if_none", argument: .required) { value, other, _ in
            if case .none = value { other ?? .none } else { value }
        }
        plainFilter("length") { value, _, _ in .int(value.length ?? 0) }
        plainFilter("first") { value, _, _ in
            let first = try value.indexed("first").first ?? .string("")
            // One character of safe text is safe text no longer; Python's indexing says so.
            if case .safe = value { return .string(first.plainText) }
            return first
        }
        plainFilter("last", isSafe: true) { value, _, _ in
            try value.indexed("last").last ?? .string("")
        }
        plainFilter("random", isSafe: true) { value, _, _ in
            try value.walked("random").randomElement() ?? .string("")
        }
        filter("join", argument: .required, isSafe: true) { value, separator, context in
            guard let elements = value.elements, let separator,
                separator.text != nil || context.isEscaping
            else { return value }
            let isEscaping = context.isEscaping
            guard isEscaping || elements.allSatisfy({ $0.text != nil }) else { return value }
            return .safe(
                .init(unsafe: try Joining.text(elements, separator, isEscaping, context.page))
            )
        }
        plainFilter("slice", argument: .required, isSafe: true) { value, bounds, _ in
            Slice(bounds?.plainText ?? "")?.apply(to: value) ?? value
        }
        memberFilter("dictsort", argument: .required) { value, key, _, settler in
            try SortByMember(isReversed: false).sorted(value, key, settler)
        }
        memberFilter("dictsortreversed", argument: .required) { value, key, _, settler in
            try SortByMember(isReversed: true).sorted(value, key, settler)
        }
        addWordFilters()
    }

    private mutating func addWordFilters() {
        plainFilter("yesno", argument: .optional) { value, words, context in
            let text = words?.text ?? context.localization.translated("yes,no,maybe")
            let parts = text.splitBytes(UInt8(ascii: ","))
            guard parts.count >= 2 else { return value }
            let word: String
            if case .none = value {
                word = parts.count == 3 ? parts[2] : parts[1]
            } else {
                word = value.isTrue ? parts[0] : parts[1]
            }
            return .string(word)
        }
        plainFilter("pluralize", argument: .optional) { value, suffix, _ in
            .string(Plural.suffix(value, suffix?.plainText ?? "s"))
        }
        filter("pprint", isSafe: true) { value, _, _ in .string(value.representation()) }
    }
}

/// Django's `join`.
enum Joining {
    /// The elements' texts with the separator between them.
    static func text(
        _ elements: [ContextValue],
        _ separator: ContextValue,
        _ isEscaping: Bool,
        _ page: PageContext
    ) throws -> String {
        func text(_ value: ContextValue) -> String {
            isEscaping ? value.escapedText.html : value.plainText
        }
        let separator = text(separator)
        var joined = ""
        for (index, element) in elements.enumerated() {
            if index > 0 { joined += separator }
            joined += text(element)
            try page.checkSize(joined.utf8.count, madeBy: "join")
        }
        return joined
    }
}

/// Django's `pluralize`.
enum Plural {
    static func suffix(_ value: ContextValue, _ argument: String) -> String {
        var suffixes = argument.splitBytes(UInt8(ascii: ","))
        if suffixes.count == 1 { suffixes.insert("", at: 0) }
        guard suffixes.count == 2 else { return "" }
        switch value {
        case .string, .safe:
            guard let number = value.floatingNumber else { return "" }
            return number == 1 ? suffixes[0] : suffixes[1]
        default:
            if let number = value.floatingNumber {
                return number == 1 ? suffixes[0] : suffixes[1]
            }
            guard let length = value.length else { return "" }
            return length == 1 ? suffixes[0] : suffixes[1]
        }
    }
}

/// Python's `start:stop:step`.
struct Slice {
    private var start: Int?
    private var stop: Int?
    private var step = 1

    /// Nil for what Python refuses.
    init?(_ text: String) {
        var parts: [Int?] = []
        for part in text.splitBytes(UInt8(ascii: ":")) {
            if part.isEmpty {
                parts.append(nil)
            } else {
                guard let number = Self.bound(part) else { return nil }
                parts.append(number)
            }
        }
        switch parts.count {
        case 1: stop = parts[0]
        case 2: (start, stop) = (parts[0], parts[1])
        case 3:
            (start, stop) = (parts[0], parts[1])
            step = parts[2] ?? 1
        default: return nil
        }
        guard step != 0 else { return nil }
    }

    /// A whole number; one that no list is long enough for stands for the end of all lists.
    private static func bound(_ text: String) -> Int? {
        if let number = PythonText.int(text) { return number }
        return NumberText.integer(text).map { $0.isNegative ? Int.min : Int.max }
    }

    func apply(to value: ContextValue) -> ContextValue? {
        switch value {
        case .array(let elements): return .array(indices(elements.count).map { elements[$0] })
        case .string(let text): return .string(apply(to: text))
        case .safe(let text): return .string(apply(to: text.html))
        case .object(let object):
            guard let elements = object.contextElements else { return nil }
            return .array(indices(elements.count).map { elements[$0] })
        default: return nil
        }
    }

    private func apply(to text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        return Truncator.text(indices(scalars.count).map { scalars[$0] })
    }

    private func indices(_ count: Int) -> [Int] {
        let (low, high) = step > 0 ? (0, count) : (-1, count - 1)
        func bounded(_ index: Int?, _ fallback: Int) -> Int {
            guard var index else { return fallback }
            if index < 0 {
                guard index >= -count else { return low }
                index += count
            }
            return min(max(index, low), high)
        }
        let first = bounded(start, step > 0 ? 0 : count - 1)
        let last = bounded(stop, step > 0 ? count : -1)
        var found: [Int] = []
        var index = first
        while step > 0 ? index < last : index > last {
            if (0..<count).contains(index) { found.append(index) }
            let (next, overflow) = index.addingReportingOverflow(step)
            if overflow { break }
            index = next
        }
        return found
    }
}

/// Django's `dictsort`.
struct SortByMember {
    let isReversed: Bool

    func sorted(
        _ value: ContextValue,
        _ key: ContextValue?,
        _ settler: Settler
    ) throws -> ContextValue {
        guard let elements = value.elements, let key, let path = Self.path(key) else {
            return .string("")
        }
        let settled = try settler.together(elements)
        var keys = settled
        for step in path {
            var members: [ContextValue] = []
            for key in keys {
                guard let member = key.member(step) else {
                    if isIndex(step.name), case .dictionary = key {
                        throw TemplateError.rendering(
                            "An element that is to be sorted has no '\(step.name)'."
                        )
                    }
                    return .string("")
                }
                members.append(member)
            }
            keys = try settler.together(members)
        }
        let keyed = Array(zip(keys, settled)).map { (key: $0, element: $1) }
        for index in keyed.indices.dropFirst()
        where keyed[index].key.compared(to: keyed[index - 1].key) == nil {
            return .string("")
        }
        let sorted = keyed.enumerated().sorted { left, right in
            let order = left.element.key.compared(to: right.element.key) ?? 0
            // Equal keys keep their order, in either direction.
            if order == 0 { return left.offset < right.offset }
            return isReversed ? order > 0 : order < 0
        }
        return .array(sorted.map(\.element.element))
    }

    /// Whether Python's `itemgetter` would look for the name, which must then be there.
    private func isIndex(_ name: String) -> Bool { PythonText.double(name) != nil }

    private static func path(_ key: ContextValue) -> [VariablePath.Step]? {
        let text = key.plainText
        if key.floatingNumber != nil {
            // Text is a key even where it looks like a number, as Python's `itemgetter` takes it.
            let index = key.text == nil ? key.wholeNumber : nil
            return [VariablePath.Step(name: text, index: index)]
        }
        guard !text.isEmpty, text.utf8.first != UInt8(ascii: "_"), !text.containsBytes("._") else {
            return nil
        }
        return text.splitBytes(UInt8(ascii: ".")).map {
            VariablePath.Step(name: $0, index: PythonText.int($0))
        }
    }
}
