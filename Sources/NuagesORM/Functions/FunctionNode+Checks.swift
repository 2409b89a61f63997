extension FunctionNode {
    /// The number that an argument is; nil where it is no plain number.
    func number(_ index: Int) -> Int? {
        guard arguments.indices.contains(index), case .value(.int(let number), _) = arguments[index]
        else { return nil }
        return number
    }

    /// Refuses a plain number below a bound.
    func checkNumber(_ index: Int, _ name: String, atLeast bound: Int) throws {
        guard let number = number(index), number < bound else { return }
        throw UsageError.invalidValue(
            "\(function.name) takes a number of \(bound) or more for '\(name)', not \(number)."
        )
    }

    /// Refuses NULL where a value is needed.
    func checkNotNull(_ index: Int, _ name: String) throws {
        guard arguments.indices.contains(index), case .value(.null, _) = arguments[index] else {
            return
        }
        throw UsageError.invalidValue("\(function.name) needs a value for '\(name)'.")
    }

    /// Adds an argument that was left out.
    mutating func fill(_ index: Int, with value: SQLValue) {
        if arguments.count == index { arguments.append(.value(value, nil)) }
    }

    func text(_ option: String) -> String? {
        if case .text(let text)? = options[option] { text } else { nil }
    }
}
