public import NuagesCore
public import NuagesTemplates

/// The style sheets and scripts that a widget, a form or a set of forms needs on its page.
///
///     Media(css: ["all": ["calendar.css"]], js: ["jquery.js", "calendar.js"])
///
/// `{{ form.media }}` writes all that a form's widgets name, each once and in an order that suits
/// every list; `{{ form.media.css }}` and `{{ form.media.js }}` write a part of it, and
/// `{% csp_nonce_attr form.media %}` writes it with the nonce of the page.
public struct Media: Sendable, Hashable {
    private typealias Style = [String: [MediaAsset]]

    private var styles: [Style] = []
    private var scripts: [[MediaAsset]] = []

    /// Style sheets and scripts.
    ///
    /// - Parameters:
    ///   - css: style sheets by the medium they are for, such as `all` or `print`.
    ///   - js: scripts.
    public init(css: [String: [MediaAsset]] = [:], js: [MediaAsset] = []) {
        if !css.isEmpty {
            styles = [
                Dictionary(
                    uniqueKeysWithValues: css.map { medium, assets in
                        (medium, assets.map { $0.asStylesheet(for: medium) })
                    }
                )
            ]
        }
        if !js.isEmpty { scripts = [js.map { $0.asScript() }] }
    }

    /// Whether there is nothing to write.
    public var isEmpty: Bool { styles.isEmpty && scripts.isEmpty }

    /// What both name: each asset once, in an order that suits both.
    ///
    /// - Parameters:
    ///   - left: the first.
    ///   - right: the second.
    /// - Returns: both together.
    public static func + (left: Media, right: Media) -> Media {
        if right.isEmpty { return left }
        if left.isEmpty { return right }
        var sum = left
        for style in right.styles where !sum.styles.contains(style) { sum.styles.append(style) }
        for list in right.scripts where !sum.scripts.contains(list) { sum.scripts.append(list) }
        return sum
    }

    /// Adds what another names.
    ///
    /// - Parameters:
    ///   - left: what is added to.
    ///   - right: what is added.
    public static func += (left: inout Media, right: Media) { left = left + right }

    /// The style sheets alone.
    public var css: Media {
        var media = self
        media.scripts = []
        return media
    }

    /// The scripts alone.
    public var js: Media {
        var media = self
        media.styles = []
        return media
    }

    /// The style sheets in order, those of each medium together.
    public var stylesheets: [MediaAsset] {
        var lists: [String: [[MediaAsset]]] = [:]
        for style in styles {
            for (medium, assets) in style { lists[medium, default: []].append(assets) }
        }
        return lists.keys.sorted().flatMap { MediaOrder.merged(lists[$0] ?? []) }
    }

    /// The scripts in order.
    public var orderedScripts: [MediaAsset] { MediaOrder.merged(scripts) }
}

extension Media: NonceBearing {
    /// The elements as HTML, one a line, style sheets first.
    ///
    /// - Parameter nonce: the nonce of the page; nil where it has none.
    /// - Returns: the elements, each with the nonce.
    /// - Throws: ``MediaError``, and what finding a static file throws.
    public func html(nonce: String? = nil) throws -> SafeString {
        var output: [UInt8] = []
        for asset in stylesheets + orderedScripts {
            if !output.isEmpty { output.append(UInt8(ascii: "\n")) }
            try asset.append(nonce: nonce, to: &output)
        }
        return output.html
    }

    /// `css` and `js`.
    public func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "css": .object(css)
        case "js": .object(js)
        default: nil
        }
    }

    /// The elements, where every static file is found.
    public var contextDescription: ContextValue { .safe((try? html()) ?? SafeString(unsafe: "")) }

    /// The elements; a file that is not found fails the page.
    public var contextPending: ContextValue? { .lazy { .safe(try html()) } }

    /// Whether there is something to write.
    public var contextIsTrue: Bool { !isEmpty }
}

/// The order of assets that several lists name.
enum MediaOrder {
    /// Each asset once, behind all that stand before it in any list; where lists contradict each
    /// other there is a warning and the order of the first.
    ///
    /// Django: `Media.merge`.
    static func merged(_ lists: [[MediaAsset]]) -> [MediaAsset] {
        let lists = lists.filter { !$0.isEmpty }
        if lists.count == 1 { return unique(lists[0]) }
        var graph = Graph()
        for list in lists {
            graph.add(list[0])
            for (before, after) in zip(list, list.dropFirst()) where before != after {
                graph.add(after, behind: before)
            }
        }
        if let order = graph.order() { return order }
        let names = lists.map { list in
            "[" + list.map { PythonText.repr($0.path) }.joined(separator: ", ") + "]"
        }
        FormEnvironment.current.warn(
            "Detected duplicate Media files in an opposite order: \(names.joined(separator: ", "))"
        )
        return unique(lists.flatMap { $0 })
    }

    private static func unique(_ assets: [MediaAsset]) -> [MediaAsset] {
        var seen: Set<MediaAsset> = []
        return assets.filter { seen.insert($0).inserted }
    }

    private struct Graph {
        private var indices: [MediaAsset: Int] = [:]
        private var assets: [MediaAsset] = []
        private var waits: [Int] = []
        private var followers: [[Int]] = []

        @discardableResult
        mutating func add(_ asset: MediaAsset) -> Int {
            if let index = indices[asset] { return index }
            indices[asset] = assets.count
            assets.append(asset)
            waits.append(0)
            followers.append([])
            return assets.count - 1
        }

        mutating func add(_ asset: MediaAsset, behind other: MediaAsset) {
            let index = add(asset)
            let before = add(other)
            waits[index] += 1
            followers[before].append(index)
        }

        /// Rank by rank; nil for a circle.
        func order() -> [MediaAsset]? {
            var waits = waits
            var ready = waits.indices.filter { waits[$0] == 0 }
            var next = 0
            while next < ready.count {
                for follower in followers[ready[next]] {
                    waits[follower] -= 1
                    if waits[follower] == 0 { ready.append(follower) }
                }
                next += 1
            }
            return ready.count == assets.count ? ready.map { assets[$0] } : nil
        }
    }
}
