public import NuagesCore

/// Puts HTML together from expressions, `if`, `switch` and `for`.
@resultBuilder
public enum HTMLBuilder {
    /// A piece of content: an element, a text, a number.
    ///
    /// - Parameter content: the content.
    /// - Returns: the content.
    public static func buildExpression<Content: HTMLContent>(_ content: Content) -> Content {
        content
    }

    /// Nothing.
    ///
    /// - Returns: nothing.
    public static func buildBlock() -> HTMLGroup<> { HTMLGroup() }

    /// One piece.
    ///
    /// - Parameter content: the piece.
    /// - Returns: the piece.
    public static func buildBlock<Content: HTMLContent>(_ content: Content) -> Content { content }

    /// Several pieces in order.
    ///
    /// - Parameter content: the pieces.
    /// - Returns: the pieces as one.
    public static func buildBlock<each Content: HTMLContent>(
        _ content: repeat each Content
    ) -> HTMLGroup<repeat each Content> { HTMLGroup(repeat each content) }

    /// `if` without `else`.
    ///
    /// - Parameter content: the content where the condition holds.
    /// - Returns: the content.
    public static func buildOptional<Content: HTMLContent>(
        _ content: Content?
    ) -> HTMLEither<Content, HTMLGroup<>> {
        content.map { .first($0) } ?? .second(HTMLGroup())
    }

    /// The first branch of a condition.
    ///
    /// - Parameter content: the branch.
    /// - Returns: the branch.
    public static func buildEither<First: HTMLContent, Second: HTMLContent>(
        first content: First
    ) -> HTMLEither<First, Second> { .first(content) }

    /// The other branch of a condition.
    ///
    /// - Parameter content: the branch.
    /// - Returns: the branch.
    public static func buildEither<First: HTMLContent, Second: HTMLContent>(
        second content: Second
    ) -> HTMLEither<First, Second> { .second(content) }

    /// The content of a loop.
    ///
    /// - Parameter content: the content of each turn.
    /// - Returns: the content in order.
    public static func buildArray<Content: HTMLContent>(
        _ content: [Content]
    ) -> HTMLList<Content> { HTMLList(content: content) }
}

/// Several pieces of content in order.
public struct HTMLGroup<each Content: HTMLContent>: HTMLContent {
    private let content: (repeat each Content)

    init(_ content: repeat each Content) { self.content = (repeat each content) }

    /// Appends the pieces.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) {
        repeat (each content).write(to: &output)
    }
}

/// What the turns of a loop wrote.
public struct HTMLList<Content: HTMLContent>: HTMLContent {
    let content: [Content]

    /// Appends what each turn wrote, in order.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) {
        for element in content where output.hasNext() { element.write(to: &output) }
    }
}

/// One of two kinds of content.
public enum HTMLEither<First: HTMLContent, Second: HTMLContent>: HTMLContent {
    /// The first kind.
    case first(First)
    /// The second kind.
    case second(Second)

    /// Appends the content.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) {
        switch self {
        case .first(let content): content.write(to: &output)
        case .second(let content): content.write(to: &output)
        }
    }
}

extension Optional: HTMLContent where Wrapped: HTMLContent {
    /// Appends the content, if there is any.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) { self?.write(to: &output) }
}

extension Array: HTMLContent where Element: HTMLContent {
    /// Appends the elements in order.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) {
        for element in self where output.hasNext() { element.write(to: &output) }
    }
}

extension String: HTMLContent {
    /// Appends the text, escaped.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) { output.append(self) }
}

extension Int: HTMLContent {
    /// Appends the digits.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) { output.append(digits: self) }
}

extension SafeString: HTMLContent {
    /// Appends the HTML as it is.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) { output.append(self) }
}
