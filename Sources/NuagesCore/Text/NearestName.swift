/// Finds the name that was probably meant, for error messages.
public enum NearestName {
    /// Returns the candidate closest to `name`, or nil if none is close.
    ///
    ///     NearestName.of("qustion", in: ["question", "choice"])   // Optional("question")
    ///
    /// Distance is the number of scalars inserted, deleted, replaced or swapped with their
    /// neighbour; a third of the name may differ. Names longer than 64 scalars are not looked at,
    /// so that the cost is bounded whatever the input.
    ///
    /// - Parameters:
    ///   - name: what was written.
    ///   - candidates: the names that exist.
    /// - Returns: the closest candidate, the first in alphabetical order among equals.
    public static func of(_ name: String, in candidates: some Sequence<String>) -> String? {
        let wanted = scalars(name)
        guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
        let limit = max(1, wanted.count / 3)
        var best: (distance: Int, name: String)?
        for candidate in candidates.sorted() {
            let other = scalars(candidate)
            guard other.count <= 64, abs(other.count - wanted.count) <= limit else { continue }
            let distance = distance(wanted, other)
            if distance <= limit, distance < best?.distance ?? .max {
                best = (distance, candidate)
            }
        }
        return best?.name
    }

    /// A sentence such as ` Did you mean 'question'?` to append to a message; empty if none is close.
    ///
    /// - Parameters:
    ///   - name: what was written.
    ///   - candidates: the names that exist.
    /// - Returns: the sentence with a blank before it, or an empty string.
    public static func hint(_ name: String, in candidates: some Sequence<String>) -> String {
        of(name, in: candidates).map { " Did you mean '\($0)'?" } ?? ""
    }

    private static func scalars(_ text: String) -> [UInt32] {
        text.unicodeScalars.prefix(65).map {
            $0.isASCII ? UInt32(UInt8(truncatingIfNeeded: $0.value).lowercasedASCII) : $0.value
        }
    }

    /// The optimal string alignment distance of two short words.
    private static func distance(_ left: [UInt32], _ right: [UInt32]) -> Int {
        var beforePrevious = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for column in 0..<right.count {
                let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(replaced, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    cost = min(cost, beforePrevious[column - 1] + 1)
                }
                current.append(cost)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}

extension UInt8 {
    fileprivate var lowercasedASCII: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}
