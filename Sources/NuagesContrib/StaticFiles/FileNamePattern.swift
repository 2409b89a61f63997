internal import NuagesCore

/// A pattern for names of files as shells have them: `*`, `?`, `[abc]`, `[!a-z]`.
///
/// Matching takes a time that grows with the lengths of pattern and name multiplied, whatever the
/// pattern.
///
/// Python: `fnmatch.fnmatchcase`.
struct FileNamePattern: Sendable {
    private enum Piece: Sendable {
        case byte(UInt8)
        case any
        case run
        case oneOf([ClosedRange<UInt8>], isNegated: Bool)

        func matches(_ byte: UInt8) -> Bool {
            switch self {
            case .byte(let wanted): byte == wanted
            case .any: true
            case .run: false
            case .oneOf(let ranges, let isNegated):
                ranges.contains { $0.contains(byte) } != isNegated
            }
        }

        var isRun: Bool {
            if case .run = self { return true }
            return false
        }
    }

    private let pieces: [Piece]

    init(_ pattern: String) {
        let bytes = Array(pattern.utf8)
        var pieces: [Piece] = []
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "*"): if pieces.last?.isRun != true { pieces.append(.run) }
            case UInt8(ascii: "?"): pieces.append(.any)
            case UInt8(ascii: "["):
                if let (piece, end) = Self.set(bytes, from: index + 1) {
                    pieces.append(piece)
                    index = end
                } else {
                    pieces.append(.byte(bytes[index]))
                }
            default: pieces.append(.byte(bytes[index]))
            }
            index += 1
        }
        self.pieces = pieces
    }

    /// The bytes between brackets, and the place of the closing one; nil where there is none.
    private static func set(_ bytes: [UInt8], from start: Int) -> (Piece, Int)? {
        var first = start
        let isNegated = first < bytes.count && bytes[first] == UInt8(ascii: "!")
        if isNegated { first += 1 }
        // A bracket that comes first is one of the set.
        guard first < bytes.count,
            let close = bytes[(first + 1)...].firstIndex(of: UInt8(ascii: "]"))
        else { return nil }
        var ranges: [ClosedRange<UInt8>] = []
        var index = first
        while index < close {
            if index + 2 < close, bytes[index + 1] == UInt8(ascii: "-") {
                if bytes[index] <= bytes[index + 2] {
                    ranges.append(bytes[index]...bytes[index + 2])
                }
                index += 3
            } else {
                ranges.append(bytes[index]...bytes[index])
                index += 1
            }
        }
        return (.oneOf(ranges, isNegated: isNegated), close)
    }

    /// Whether the whole name matches.
    func matches(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        var (piece, index) = (0, 0)
        var retry: (piece: Int, index: Int)?
        while index < bytes.count {
            if piece < pieces.count, pieces[piece].isRun {
                retry = (piece + 1, index)
                piece += 1
            } else if piece < pieces.count, pieces[piece].matches(bytes[index]) {
                piece += 1
                index += 1
            } else if let last = retry {
                // The run in front takes one byte more.
                retry = (last.piece, last.index + 1)
                (piece, index) = (last.piece, last.index + 1)
            } else {
                return false
            }
        }
        return pieces[piece...].allSatisfy(\.isRun)
    }
}
