/// Runs a program on a text, one way after the other, with a stack of its own.
///
/// Whatever takes time counts as a step: an instruction, and each byte that a back-reference
/// compares. The stack grows by one with a step at most.
struct BackReferenceMatcher {
    private let program: BackReferenceProgram
    private let text: UnsafeBufferPointer<UInt8>
    private let limit: Int
    private var steps = 0
    private var slots: [Int]
    private var stack: [Entry] = []
    /// Where the program goes on, and where in the text.
    private var counter = 0
    private var position = 0

    private enum Entry {
        /// Another way.
        case way(Int, Int)
        /// What a slot held.
        case slot(Int, Int)
        /// The start of a look-around: where it stands, and where to go on if it fails.
        case lookAround(position: Int, resume: Int?)
    }

    /// `text` is valid UTF-8.
    init(_ program: BackReferenceProgram, _ text: UnsafeBufferPointer<UInt8>, limit: Int) {
        self.program = program
        self.text = text
        self.limit = limit
        slots = Array(repeating: -1, count: program.slotCount)
    }

    /// Whether the program matches somewhere; nil if it took too many steps to find out.
    mutating func search() -> Bool? {
        var start = 0
        while true {
            guard let found = run(from: start) else { return nil }
            if found { return true }
            guard let (_, length) = scalar(at: start) else { return false }
            start += length
        }
    }

    private mutating func run(from start: Int) -> Bool? {
        counter = 0
        position = start
        while true {
            steps += 1
            guard steps <= limit else { return nil }
            if case .match = program.code[counter] { return true }
            if !step(), !resume() { return false }
        }
    }

    /// Follows one instruction; false where it fails.
    private mutating func step() -> Bool {
        switch program.code[counter] {
        case .scalar(let wanted): return take { $0 == wanted }
        case .folded(let wanted): return take { FoldedScalar.value(of: $0) == wanted }
        case .set(let index, let isNegated, let ignoresCase):
            let members = program.sets[index]
            return take { scalar in
                let isMember =
                    members.contains(scalar)
                    || ignoresCase
                        && FoldedScalar.variants(of: scalar).contains { members.contains($0) }
                return isMember != isNegated
            }
        case .anchor(let anchor):
            guard isAt(anchor) else { return false }
        case .backReference(let group, let comparison):
            guard repeats(group, comparison) else { return false }
        case .note(let slot):
            stack.append(.slot(slot, slots[slot]))
            slots[slot] = position
        case .split(let first, let second):
            stack.append(.way(second, position))
            counter = first
            return true
        case .jump(let target):
            counter = target
            return true
        case .leaveIfEmpty(let slot, let target):
            guard slots[slot] == position else { break }
            counter = target
            return true
        case .lookAround(let back, let isNegated, let end):
            stack.append(.lookAround(position: position, resume: isNegated ? end : nil))
            guard goBack(back) else { return false }
        case .lookAroundEnd(let isNegated):
            position = endLookAround() ?? position
            if isNegated { return false }
        case .match: break
        }
        counter += 1
        return true
    }

    /// Goes back to the last way that was not tried; false where there is none.
    private mutating func resume() -> Bool {
        while let entry = stack.popLast() {
            switch entry {
            case .way(let target, let place):
                (counter, position) = (target, place)
                return true
            case .slot(let slot, let value): slots[slot] = value
            case .lookAround(let place, let target?):
                (counter, position) = (target, place)
                return true
            case .lookAround(_, nil): break
            }
        }
        return false
    }

    /// Forgets the ways within a look-around.
    ///
    /// - Returns: where it stands.
    private mutating func endLookAround() -> Int? {
        while let entry = stack.popLast() {
            switch entry {
            case .lookAround(let place, _): return place
            case .slot(let slot, let value): slots[slot] = value
            case .way: break
            }
        }
        return nil
    }

    // MARK: Text

    private mutating func take(_ isWanted: (UInt32) -> Bool) -> Bool {
        guard let (value, length) = scalar(at: position), isWanted(value) else { return false }
        position += length
        counter += 1
        return true
    }

    /// The scalar at an offset, and how many bytes it has; nil at the end.
    private func scalar(at offset: Int) -> (value: UInt32, length: Int)? {
        guard offset < text.count else { return nil }
        let first = text[offset]
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard length > 1, offset + length <= text.count else { return (UInt32(first), 1) }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for byte in text[(offset + 1)..<(offset + length)] {
            value = value << 6 | UInt32(byte & 0x3F)
        }
        return (value, length)
    }

    /// Moves so many scalars back; false in front of the text.
    private mutating func goBack(_ count: Int) -> Bool {
        guard count <= position else { return false }
        steps += count
        for _ in 0..<count {
            repeat {
                guard position > 0 else { return false }
                position -= 1
            } while text[position] & 0xC0 == 0x80
        }
        return true
    }

    private mutating func repeats(
        _ group: Int,
        _ comparison: BackReferenceProgram.Comparison
    ) -> Bool {
        let (start, end) = (slots[2 * group], slots[2 * group + 1])
        guard start >= 0, end >= start else { return false }
        steps += end - start
        var taken = start
        while taken < end {
            guard let (wanted, length) = scalar(at: taken),
                let (found, foundLength) = scalar(at: position),
                Self.same(wanted, found, comparison)
            else { return false }
            taken += length
            position += foundLength
        }
        return true
    }

    private static func same(
        _ left: UInt32,
        _ right: UInt32,
        _ comparison: BackReferenceProgram.Comparison
    ) -> Bool {
        if left == right { return true }
        return switch comparison {
        case .exact: false
        case .asciiCase:
            left < 0x80 && right < 0x80
                && FoldedScalar.lowercase(of: left) == FoldedScalar.lowercase(of: right)
        case .anyCase: FoldedScalar.lowercase(of: left) == FoldedScalar.lowercase(of: right)
        }
    }

    private func isAt(_ anchor: RegexAnchor) -> Bool {
        switch anchor {
        case .textStart: position == 0
        case .lineStart: position == 0 || text[position - 1] == 0x0A
        case .textEnd: position == text.count
        case .dollar:
            position == text.count || position == text.count - 1 && text[position] == 0x0A
        case .lineEnd: position == text.count || text[position] == 0x0A
        case .wordBoundary: isWord(position - 1) != isWord(position)
        case .notWordBoundary: isWord(position - 1) == isWord(position)
        }
    }

    private func isWord(_ offset: Int) -> Bool {
        guard text.indices.contains(offset) else { return false }
        return ScalarRanges.asciiWord.contains(UInt32(text[offset]))
    }
}
