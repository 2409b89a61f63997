internal import NuagesCore
internal import NuagesRegex

/// How the URL of a route is made.
struct RouteReversal: Sendable {
    private enum Maker: Sendable {
        /// Literals and values in order; every value is judged by its converter.
        case segments([CompiledRoute.Segment])
        /// The forms of a regular expression, and what the finished path has to match.
        case forms([RegexForm], LinearRegex)
    }

    private let maker: Maker?
    /// The names of the values for each form.
    private let parameters: [[String]]
    private let converters: [(name: String, converter: ErasedConverter)]
    private let defaults: ContextDictionary
    private let language: LanguagePrefix?
    /// Why there is no URL for this route.
    let problem: String?
    /// The only path of a route without values, on a site at the root.
    private var fixedPath: String?

    init(_ levels: [CompiledRoute.Level]) {
        var language: LanguagePrefix?
        var defaults = ContextDictionary()
        var converters: [(name: String, converter: ErasedConverter)] = []
        for level in levels.reversed() { defaults = defaults.merging(level.extra) }
        for level in levels {
            switch level.pattern.kind {
            case .language(let prefix): language = prefix
            case .path(let parts):
                for case .capture(let name, let converter) in parts {
                    converters.removeAll { $0.name.equalsBytes(name) }
                    converters.append((name, converter))
                }
            case .regex: break
            }
        }
        self.language = language
        self.defaults = defaults
        self.converters = converters
        (maker, parameters, problem) = Self.maker(levels)
        if language == nil, parameters.allSatisfy(\.isEmpty) {
            fixedPath = path([], [], scriptPrefix: "/")
        }
    }

    private static func maker(
        _ levels: [CompiledRoute.Level]
    ) -> (Maker?, parameters: [[String]], problem: String?) {
        var segments: [CompiledRoute.Segment] = []
        var isPath = true
        var text = ""
        for (index, level) in levels.enumerated() {
            switch level.matcher {
            case .segments(let parts):
                segments += parts
                text += regexText(of: level.pattern)
                if index == levels.count - 1 { text += #"\Z"# }
            case .regex(let pattern):
                isPath = false
                text += RouteScope.withoutCaret(pattern.text)
            case .language: break
            }
        }
        if isPath {
            return (.segments(segments), [levels.flatMap { $0.names.map { $0 ?? "" } }], nil)
        }
        do {
            let forms = try RegexForm.all(of: text)
            let regex = try LinearRegex("^" + text)
            return (.forms(forms, regex), forms.map(\.parameters), nil)
        } catch {
            return (nil, [], "\(error)")
        }
    }

    /// The pattern of a `path()` as a regular expression.
    private static func regexText(of pattern: RoutePattern) -> String {
        guard case .path(let parts) = pattern.kind else { return "" }
        return parts.map { part in
            switch part {
            case .literal(let bytes): escaped(String(decoding: bytes, as: UTF8.self))
            case .capture(let name, let converter):
                "(?P<\(name)>\(converter.characters.regexText))"
            }
        }.joined()
    }

    private static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            if scalar.isASCII, !UInt8(ascii: scalar).isASCIIAlphanumeric { output += "\\" }
            output.unicodeScalars.append(scalar)
        }
        return output
    }

    // MARK: Making a path

    /// The path with these values, or nil where they do not fit.
    func path(
        _ positional: [PathArgument],
        _ named: [(String, PathArgument)],
        scriptPrefix: String
    ) -> String? {
        guard positional.isEmpty || named.isEmpty else { return nil }
        if let fixedPath, positional.isEmpty, named.isEmpty, scriptPrefix.equalsBytes("/") {
            return fixedPath
        }
        for index in parameters.indices {
            if let values = values(parameters[index], positional, named),
                let path = path(form: index, values)
            {
                var output: [UInt8] = []
                PercentCoding.append(scriptPrefix, safe: .reversed, to: &output)
                PercentCoding.append(language?.current ?? "", safe: .reversed, to: &output)
                PercentCoding.append(path, safe: .reversed, to: &output)
                // `//host` would be another site for a browser (CVE-2014-0480).
                return URLSafety.escapingLeadingSlashes(String(decoding: output, as: UTF8.self))
            }
        }
        return nil
    }

    /// The values as texts in the order of `parameters`.
    private func values(
        _ parameters: [String],
        _ positional: [PathArgument],
        _ named: [(String, PathArgument)]
    ) -> [String]? {
        guard !positional.isEmpty else { return values(parameters, named) }
        guard positional.count == parameters.count else { return nil }
        var texts: [String] = []
        for (name, argument) in zip(parameters, positional) {
            guard let text = text(of: argument, for: name) else { return nil }
            texts.append(text)
        }
        return texts
    }

    /// As in Django a name that is none of the pattern's may be an extra argument with its value.
    private func values(_ parameters: [String], _ named: [(String, PathArgument)]) -> [String]? {
        for (name, argument) in named where !parameters.contains(where: name.equalsBytes) {
            guard let value = defaults[name], argument.contextValue.isEqual(to: value) else {
                return nil
            }
        }
        var texts: [String] = []
        for name in parameters {
            guard let argument = named.last(where: { $0.0.equalsBytes(name) })?.1,
                let text = text(of: argument, for: name)
            else { return nil }
            texts.append(text)
        }
        return texts
    }

    private func text(of argument: PathArgument, for name: String) -> String? {
        guard let converter = converters.first(where: { $0.name.equalsBytes(name) })?.converter
        else { return argument.description }
        guard case .segments? = maker else { return converter.uncheckedText(for: argument) }
        return converter.text(for: argument)
    }

    private func path(form index: Int, _ values: [String]) -> String? {
        var path = ""
        var position = 0
        switch maker {
        case .segments(let segments):
            for segment in segments {
                switch segment {
                case .literal(let bytes): path += String(decoding: bytes, as: UTF8.self)
                case .capture:
                    path += values[position]
                    position += 1
                }
            }
            return path
        case .forms(let forms, let regex):
            for piece in forms[index].pieces {
                switch piece {
                case .text(let text): path += text
                case .value(let name):
                    let names = parameters[index]
                    guard let position = names.firstIndex(where: name.equalsBytes) else {
                        return nil
                    }
                    path += values[position]
                }
            }
            return regex.matches(path) ? path : nil
        case nil: return nil
        }
    }

    // MARK: Looking ahead

    /// Whether there may be a URL with so many values, or with values of these names.
    func takes(positionalCount: Int, named: [String]) -> Bool {
        guard positionalCount == 0 || named.isEmpty else { return false }
        return parameters.contains { parameters in
            if positionalCount > 0 || named.isEmpty { return positionalCount == parameters.count }
            return parameters.allSatisfy { name in named.contains(where: name.equalsBytes) }
                && named.allSatisfy { name in
                    parameters.contains(where: name.equalsBytes) || defaults[name] != nil
                }
        }
    }
}

extension PathCharacters {
    /// The set as a regular expression.
    var regexText: String {
        if shape == .uuid {
            return "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
        }
        let takesOthers = contains(0xC3)
        let listed = (UInt8.min..<0x80).filter { contains($0) != takesOthers }
        let members = listed.map { #"\x"# + Self.hex($0) }.joined()
        let set = members.isEmpty ? #"[\s\S]"# : "[\(takesOthers ? "^" : "")\(members)]"
        return maximum == .max
            ? set + (minimum == 1 ? "+" : "{\(minimum),}") : set + "{\(minimum),\(maximum)}"
    }

    private static func hex(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return text.utf8.count == 1 ? "0" + text : text
    }
}
