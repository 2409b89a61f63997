public import NuagesCore

// @exclusivity(unchecked): checking each access at run time cost a tenth of a page. No access here
// spans a call of foreign code but the release of a value; and values of a template are Sendable,
// which a renderer is not, so none of them can reach the renderer that releases it.

/// One rendering of a template: the page so far and the variables at this place.
///
/// Belongs to one task; nothing of it outlives the rendering.
public final class Renderer {
    /// The bytes of the page so far.
    @exclusivity(unchecked) public internal(set) var output: [UInt8] = []
    /// Whether values are escaped here.
    @exclusivity(unchecked) public internal(set) var isEscaping: Bool

    let engine: TemplateEngine
    @exclusivity(unchecked) var page: PageContext
    /// The variables that the view gave.
    @exclusivity(unchecked) var base: ContextDictionary
    /// The variables that tags set, the innermost last.
    @exclusivity(unchecked) var slots: [Slot] = []
    /// Where in `slots` each scope begins.
    @exclusivity(unchecked) var scopes: [Int] = []
    /// Slots below this belong to a template from which this one is isolated.
    @exclusivity(unchecked) var floor = 0
    /// The loops around this place, the innermost last.
    @exclusivity(unchecked) var loops: [LoopState] = []
    /// State of the templates being rendered, the innermost last.
    @exclusivity(unchecked) var templates: [TemplateState] = []
    /// Values that were fetched for the node being rendered, in the order in which it reads them.
    @exclusivity(unchecked) var fetched: [ContextValue] = []
    @exclusivity(unchecked) var fetchedCount = 0
    /// How often a token or nonce was read, which no cache may keep.
    @exclusivity(unchecked) var secretReads = 0
    /// The first lookup of the last variable that was not there.
    @exclusivity(unchecked) var missingName = ""
    @exclusivity(unchecked) var dateFormats: [(format: String, compiled: DateFormat)] = []
    /// The bytes that `output` may have: those of a page without what is captured around it.
    @exclusivity(unchecked) private var allowance: Int
    @exclusivity(unchecked) private var stepsUntilCheck = 64

    init(engine: TemplateEngine, context: ContextDictionary, environment: TemplateEnvironment) {
        self.engine = engine
        self.isEscaping = engine.storage.options.isEscaping
        self.base = context
        self.page = PageContext(
            environment: environment,
            isDebug: engine.isDebug,
            sizeLimit: engine.limits.outputSize
        )
        allowance = engine.limits.outputSize
        output.reserveCapacity(4096)
        slots.reserveCapacity(16)
        scopes.reserveCapacity(16)
    }

    /// What the request gave.
    public var environment: TemplateEnvironment { page.environment }

    /// What a filter sees at this place.
    public var filterContext: FilterContext { FilterContext(isEscaping: isEscaping, page: page) }

    /// A variable that a tag set.
    struct Slot {
        let name: VariableName
        var binding: Binding
    }

    /// What a name stands for.
    enum Binding {
        case value(ContextValue)
        case loop(Int)
        case block(BlockInstance)
    }

    /// Runs `body` with a scope of its own: variables that it sets are gone afterwards.
    ///
    /// - Parameter body: what runs in the scope.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public func withScope<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        let start = slots.count
        scopes.append(start)
        defer {
            slots.removeLast(slots.count - start)
            scopes.removeLast()
        }
        return try await body()
    }

    /// Sets a variable in the innermost scope.
    ///
    /// - Parameters:
    ///   - name: the variable's name.
    ///   - value: its value.
    public func set(_ name: String, _ value: ContextValue) {
        set(VariableName(name), .value(value))
    }

    func set(_ name: VariableName, _ binding: Binding) {
        var index = slots.count
        let start = max(scopes.last ?? 0, floor)
        while index > start {
            index -= 1
            if slots[index].name == name {
                slots[index].binding = binding
                return
            }
        }
        slots.append(Slot(name: name, binding: binding))
    }

    /// Sets a variable of the innermost scope that is most likely in one slot.
    func set(_ name: VariableName, _ binding: Binding, expectedAt index: Int) {
        if index < slots.count, index >= max(scopes.last ?? 0, floor), slots[index].name == name {
            slots[index].binding = binding
        } else {
            set(name, binding)
        }
    }

    /// Sets a variable where it is, or in the innermost scope where it is nowhere.
    func setUpward(_ name: VariableName, _ value: ContextValue) {
        if let index = slotIndex(name) {
            slots[index].binding = .value(value)
        } else if base[name.text] != nil {
            base[name.text] = value
        } else {
            set(name, .value(value))
        }
    }

    func slotIndex(_ name: VariableName) -> Int? {
        var index = slots.count
        while index > floor {
            index -= 1
            if slots[index].name.hash == name.hash, slots[index].name == name { return index }
        }
        return nil
    }

    /// Runs `body` with an output of its own and returns that output.
    ///
    /// - Parameter body: what writes.
    /// - Returns: what was written.
    /// - Throws: what `body` throws.
    public func capture(_ body: () async throws -> Void) async throws -> [UInt8] {
        let outer = output
        output = []
        allowance -= outer.count
        defer {
            output = outer
            allowance += outer.count
        }
        try await body()
        return output
    }

    /// Runs `body` with another language, zone or way of writing values.
    func withPage(_ page: PageContext, _ body: () async throws -> Void) async rethrows {
        let outer = self.page
        self.page = page
        defer { self.page = outer }
        try await body()
    }

    /// Appends bytes to the page.
    ///
    /// - Parameter bytes: UTF-8 that is HTML already.
    public func write(_ bytes: some Sequence<UInt8>) {
        let isWritten: Void? = bytes.withContiguousStorageIfAvailable {
            output.append(contentsOf: $0)
        }
        if isWritten != nil { return }
        // One by one: a sequence of somebody else's may itself write to the page.
        for byte in bytes { output.append(byte) }
    }

    /// Looks whether the page is over its limit, and now and then whether it was cancelled.
    func checkLimits() throws {
        try checkSize()
        stepsUntilCheck -= 1
        guard stepsUntilCheck <= 0 else { return }
        stepsUntilCheck = 64
        try Task.checkCancellation()
    }

    /// Looks whether the page is over its limit.
    @inline(__always)
    func checkSize() throws { if output.count > allowance { throw engine.limits.pageTooLong } }
}

/// State that belongs to one template while it is rendered, its parents included.
struct TemplateState {
    /// The template or partial.
    let template: Template
    /// The blocks of the template and its parents.
    var blocks = BlockQueues()
    /// The templates already extended, so that one may extend its namesake.
    var extended: [TemplateOrigin]
    /// How often each `{% cycle %}` has been written.
    var cycles: [NodeID: Int] = [:]
    /// What `{% ifchanged %}` outside loops saw last.
    var changes: [NodeID: [ContextValue]] = [:]

    init(_ template: Template) {
        self.template = template
        extended = [template.origin]
    }
}

/// A node's number in the process, to keep its state under.
struct NodeID: Hashable, Sendable {
    private let number: UInt64

    private static let counter = Counter()

    init() { number = Self.counter.next() }
}

/// The state of one `{% for %}`.
struct LoopState {
    var index = 0
    let count: Int
    /// The loop around this one at its start; nil where there is none.
    let parent: Int?
    var changes: [NodeID: [ContextValue]] = [:]
}
