public import NuagesCore

/// Something that can be written into a page: HTML made in Swift, escaped by construction.
///
///     let list = HTML.ul(.class("names")) {
///         for name in names { HTML.li { name } }
///     }
///
/// Texts and numbers are content; they are escaped. A ``SafeString`` is written as it is, and a
/// ``TemplatePart`` writes a template. Content may itself be a value in a template: `{{ list }}`.
public protocol HTMLContent: Sendable, ContextConvertible {
    /// Appends the content to a page.
    ///
    /// - Parameter output: the page so far.
    func write(to output: inout HTMLOutput)
}

extension HTMLContent {
    /// The content as HTML, written when a template comes to it.
    public var contextValue: ContextValue {
        .lazy {
            var output = HTMLOutput(limits: TemplateLimits())
            write(to: &output)
            try output.checkLimits()
            guard output.parts.isEmpty else { return .object(HTMLFragment(output)) }
            return .safe(SafeString(unsafe: String(decoding: output.bytes, as: UTF8.self)))
        }
    }

    /// The content as HTML, without its templates.
    ///
    ///     HTML.b { "1 < 2" }.html.html     // <b>1 &lt; 2</b>
    public var html: SafeString {
        var output = HTMLOutput()
        write(to: &output)
        return SafeString(unsafe: String(decoding: output.bytes, as: UTF8.self))
    }
}

/// A page that is being written.
public struct HTMLOutput: Sendable {
    /// The bytes so far, HTML in UTF-8.
    public private(set) var bytes: [UInt8] = []
    /// The templates that stand in the page, and the byte in front of which each does.
    private(set) var parts: [(offset: Int, part: TemplatePart)] = []

    /// What bounds the page; nil where nobody asks whether it was cut off.
    private let limits: TemplateLimits?
    private var stepsUntilCheck = 64
    private var isCancelled = false

    /// An empty page.
    public init() { limits = nil }

    /// An empty page that ends at its limits, which ``checkLimits()`` then reports.
    init(limits: TemplateLimits) { self.limits = limits }

    private var isFull: Bool { limits.map { bytes.count > $0.outputSize } ?? false }

    /// Whether there is room for another turn of a loop, and somebody to read it.
    mutating func hasNext() -> Bool {
        guard limits != nil else { return true }
        stepsUntilCheck -= 1
        if stepsUntilCheck <= 0 {
            stepsUntilCheck = 64
            isCancelled = isCancelled || Task.isCancelled
        }
        return !isCancelled && !isFull
    }

    /// Throws where the page was cut off at its limits.
    func checkLimits() throws {
        if isCancelled { throw CancellationError() }
        if let limits, isFull { throw limits.pageTooLong }
    }

    /// Appends text, escaped.
    ///
    /// - Parameter text: the text.
    public mutating func append(_ text: String) {
        if !isFull { HTMLEscaper.append(text, to: &bytes) }
    }

    /// Appends HTML as it is.
    ///
    /// - Parameter html: the HTML.
    public mutating func append(_ html: SafeString) {
        if !isFull { bytes.append(contentsOf: html.html.utf8) }
    }

    /// Appends HTML that stands in the program.
    ///
    /// - Parameter html: a literal.
    @inlinable
    public mutating func append(literal html: StaticString) {
        html.withUTF8Buffer { append(utf8: $0) }
    }

    @usableFromInline
    mutating func append(utf8 literal: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: literal)
    }

    mutating func append(digits number: Int) { bytes.appendDigits(number) }

    mutating func append(_ part: TemplatePart) { parts.append((bytes.count, part)) }
}

/// A piece of a page that several pages share, with values of its own.
///
///     struct Card: HTMLView {
///         let title: String
///         var body: some HTMLContent {
///             HTML.div(.class("card")) { HTML.h2 { title } }
///         }
///     }
public protocol HTMLView: HTMLContent {
    /// What the view is made of.
    associatedtype Body: HTMLContent
    /// What the view is made of.
    @HTMLBuilder var body: Body { get }
}

extension HTMLView {
    /// Appends the body.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) { body.write(to: &output) }
}

/// A template in the middle of HTML made in Swift.
///
///     HTML.main { TemplatePart("polls/row.html", ["question": question]) }
///
/// The template sees the values that it is given and those of the page; the rendering waits for
/// what has to be fetched.
public struct TemplatePart: HTMLContent {
    /// The template's name.
    public let name: String
    /// What the template sees besides the values of the page.
    public let context: ContextDictionary

    /// A template with its values.
    ///
    /// - Parameters:
    ///   - name: the template's name.
    ///   - context: what it sees besides the values of the page.
    public init(_ name: String, _ context: ContextDictionary = [:]) {
        self.name = name
        self.context = context
    }

    /// A template with its typed context.
    ///
    /// - Parameter context: the values, whose type names the template.
    public init<Context: TemplateContext>(_ context: Context) {
        self.init(Context.templateName, context.contextVariables)
    }

    /// Marks the place; the template is rendered once the page is written.
    ///
    /// - Parameter output: the page so far.
    public func write(to output: inout HTMLOutput) { output.append(self) }
}
