import NuagesCore

/// A name in a template, with its hash, so that most comparisons are one of two numbers.
package struct VariableName: Sendable, Hashable {
    package let text: String
    package let hash: UInt64

    package init(_ text: String) {
        self.text = text
        // FNV-1a; a collision only costs the comparison of the bytes.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        self.hash = hash
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.hash == right.hash && left.text.equalsBytes(right.text)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

/// A variable with its lookups: `question.choices.0`.
///
/// A class, because rendering passes it around for each value that it writes.
package final class VariablePath: Sendable {
    /// One step of a path.
    package struct Step: Sendable {
        package let name: String
        /// The step as an index of a list.
        package let index: Int?
    }

    /// The variable as it was written.
    package let text: String
    package let first: VariableName
    package let steps: [Step]
    /// Whether the variable is what only one visitor may see: the token of forms, or the nonce.
    let isSecret: Bool

    private static let secrets = ["csrf_token", "csp_nonce"]

    /// A variable whose name is all of a text, dots included.
    package init(whole name: VariableName) {
        text = name.text
        first = name
        steps = []
        isSecret = false
    }

    package init(_ text: String) {
        self.text = text
        let parts = text.splitBytes(UInt8(ascii: "."))
        first = VariableName(parts[0])
        steps = parts.dropFirst().map { Step(name: $0, index: PythonText.int($0)) }
        isSecret = Self.secrets.contains { $0.equalsBytes(parts[parts.count - 1]) }
    }
}
