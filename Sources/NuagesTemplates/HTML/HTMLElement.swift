import NuagesCore

/// The name of an element; calling it gives the element.
public struct HTMLTag: Sendable {
    let name: StaticString

    init(_ name: StaticString) { self.name = name }

    /// An element with content.
    ///
    /// - Parameters:
    ///   - attributes: its attributes.
    ///   - content: what stands in it.
    /// - Returns: the element.
    public func callAsFunction<Content: HTMLContent>(
        _ attributes: HTMLAttribute...,
        @HTMLBuilder content: () -> Content
    ) -> HTMLElement<Content> {
        HTMLElement(name: name, attributes: attributes, content: content())
    }

    /// An element without content.
    ///
    /// - Parameter attributes: its attributes.
    /// - Returns: the element.
    public func callAsFunction(_ attributes: HTMLAttribute...) -> HTMLElement<HTMLGroup<>> {
        HTMLElement(name: name, attributes: attributes, content: HTMLGroup())
    }
}

/// An element with what stands in it.
public struct HTMLElement<Content: HTMLContent>: HTMLContent {
    let name: StaticString
    let attributes: [HTMLAttribute]
    let content: Content

    /// Appends the element.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) {
        output.appendStart(name, attributes)
        content.write(to: &output)
        output.appendEnd(name)
    }
}

/// The name of an element that has no content and no end; calling it gives the element.
public struct HTMLVoidTag: Sendable {
    let name: StaticString

    init(_ name: StaticString) { self.name = name }

    /// The element.
    ///
    /// - Parameter attributes: its attributes.
    /// - Returns: the element.
    public func callAsFunction(_ attributes: HTMLAttribute...) -> HTMLVoidElement {
        HTMLVoidElement(name: name, attributes: attributes)
    }
}

/// An element without content and end.
public struct HTMLVoidElement: HTMLContent {
    let name: StaticString
    let attributes: [HTMLAttribute]

    /// Appends the element.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) { output.appendStart(name, attributes) }
}

/// The name of an element whose text is code, `script` or `style`; calling it gives the element.
public struct HTMLCodeTag: Sendable {
    let name: StaticString

    init(_ name: StaticString) { self.name = name }

    /// The element.
    ///
    /// - Parameters:
    ///   - attributes: its attributes.
    ///   - code: what stands in the program; for values use `data-…` or `json_script`.
    /// - Returns: the element.
    public func callAsFunction(
        _ attributes: HTMLAttribute...,
        code: StaticString = ""
    ) -> HTMLCodeElement {
        HTMLCodeElement(name: name, attributes: attributes, code: code)
    }
}

/// An element whose text is code.
public struct HTMLCodeElement: HTMLContent {
    let name: StaticString
    let attributes: [HTMLAttribute]
    let code: StaticString

    /// Appends the element.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) {
        output.appendStart(name, attributes)
        output.append(literal: code)
        output.appendEnd(name)
    }
}

extension HTMLOutput {
    fileprivate mutating func appendStart(_ name: StaticString, _ attributes: [HTMLAttribute]) {
        append(literal: "<")
        append(literal: name)
        for attribute in attributes { attribute.write(to: &self) }
        append(literal: ">")
    }

    fileprivate mutating func appendEnd(_ name: StaticString) {
        append(literal: "</")
        append(literal: name)
        append(literal: ">")
    }
}
