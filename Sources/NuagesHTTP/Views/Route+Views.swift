extension Route {
    /// A route to a class-based view; `#path` writes the converters.
    ///
    /// The view finds the values of the pattern in ``Request/resolverMatch``.
    ///
    /// - Parameters:
    ///   - pattern: the pattern, without a leading slash.
    ///   - converters: the converters of the captures in the pattern, in order.
    ///   - view: the view; each request is answered by a copy.
    ///   - name: the name for `reverse`.
    public init<each C: PathConverter, V: NuagesHTTP.View>(
        _ pattern: String,
        _ converters: (repeat (each C).Type),
        view: V,
        name: String? = nil
    ) {
        var erased: [ErasedConverter] = []
        repeat erased.append(ErasedConverter(each converters))
        self.init(
            pattern: RoutePattern(pattern, converters: erased),
            target: { request, _ in try await view.answer(request) },
            name: name,
            methods: V.allowedMethods
        )
        self.view = "\(V.self)"
        viewType = V.self
        viewValue = view
    }

    /// A route to a class-based view that is made of the values of the pattern.
    ///
    ///     Route("<int:year>/", (IntConverter.self), view: YearView.init)
    ///
    /// - Parameters:
    ///   - pattern: the pattern, without a leading slash.
    ///   - converters: the converters of the captures in the pattern, in order.
    ///   - makeView: makes the view of one request, usually the initialiser of its type.
    ///   - name: the name for `reverse`.
    public init<each C: PathConverter, V: NuagesHTTP.View>(
        _ pattern: String,
        _ converters: (repeat (each C).Type),
        view makeView: @escaping @Sendable (repeat (each C).Value) -> V,
        name: String? = nil
    ) {
        var erased: [ErasedConverter] = []
        repeat erased.append(ErasedConverter(each converters))
        self.init(
            pattern: RoutePattern(pattern, converters: erased),
            target: { request, arguments in
                var reader = PathArgumentReader(arguments)
                return try await makeView(repeat try reader.next((each C).self)).answer(request)
            },
            name: name,
            methods: V.allowedMethods
        )
        self.view = "\(V.self)"
        viewType = V.self
    }
}

/// A route to a class-based view.
///
///     #path("", QuestionList(), name: "index")
///     #path("<int:pk>/", QuestionDetail(), name: "detail")
///
/// The view finds the values of the pattern in `request.resolverMatch`.
///
/// - Parameters:
///   - pattern: the pattern, a literal without a leading slash.
///   - view: the view; each request is answered by a copy.
///   - name: the name for `reverse` and `{% url %}`.
/// - Returns: the route.
@freestanding(expression)
public macro path<V: View>(
    _ pattern: String,
    _ view: V,
    name: String? = nil
) -> Route = #externalMacro(module: "NuagesMacros", type: "PathMacro")

/// A route to a class-based view that is made of the values of the pattern.
///
///     #path("<int:year>/", YearView.init, name: "year")      // struct YearView { let year: Int }
///
/// - Parameters:
///   - pattern: the pattern, a literal without a leading slash.
///   - view: makes the view of one request, usually the initialiser of its type.
///   - name: the name for `reverse` and `{% url %}`.
/// - Returns: the route.
@freestanding(expression)
public macro path<each P, V: View>(
    _ pattern: String,
    _ view: @Sendable (repeat each P) -> V,
    name: String? = nil
) -> Route = #externalMacro(module: "NuagesMacros", type: "PathMacro")
