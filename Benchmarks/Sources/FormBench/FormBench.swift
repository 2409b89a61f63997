import Nuages

/// Binds and renders a form of ten fields in process, and prints `METRIC name per_second` for each.
///
///     FormBench [ROUNDS]
///
/// `forms.py` beside it measures the same with Django.
@main
struct FormBench {
    private let rounds: Int

    static func main() async throws {
        let arguments = CommandLine.arguments
        let bench = FormBench(rounds: arguments.count > 1 ? Int(arguments[1]) ?? 100_000 : 100_000)
        try await bench.run()
    }

    private func run() async throws {
        try await measure("form.bind") {
            guard case .valid(let order) = try await OrderForm.bind(Self.valid) else { return 0 }
            return order.title.utf8.count
        }
        try await measure("form.bind_invalid") {
            guard case .invalid(let form) = try await OrderForm.bind(Self.invalid) else { return 0 }
            return form.errors.entries.count
        }
        try await measure("form.render") { OrderForm.unbound().html.html.utf8.count }
        guard case .invalid(let form) = try await OrderForm.bind(Self.invalid) else { return }
        try await measure("form.render_errors") { form.html.html.utf8.count }
        let posts = OrderForm.formSet(extra: 10).unbound()
        try await measure("formset.render", share: 10) { posts.html.html.utf8.count }
    }

    private func measure(
        _ name: String,
        share: Int = 1,
        _ body: () async throws -> Int
    ) async throws {
        let size = try await body()
        precondition(size > 0, "\(name) does nothing.")
        let turns = max(1, rounds / share)
        var best = 0.0
        for _ in 0..<3 {
            let start = ContinuousClock.now
            var sum = 0
            for _ in 0..<turns { sum += try await body() }
            precondition(sum == turns * size, "\(name) differs.")
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            best = max(best, Double(turns) / seconds)
        }
        print("METRIC \(name) \(best.rounded())")
    }

    private static let valid: QueryDict = [
        "title": ["A small lamp"], "email": ["ada@example.com"], "count": ["12"],
        "price": ["129.90"], "day": ["2026-05-17"], "express": ["on"], "colour": ["blue"],
        "site": ["https://www.example.com/lamps/?a=1"], "slug": ["a-small-lamp"],
        "remarks": ["Please ring twice.\r\nThe bell is <broken> & quiet."],
    ]

    private static let invalid: QueryDict = [
        "title": [""], "email": ["ada@"], "count": ["12.5"], "price": ["129.999"],
        "day": ["2026-02-30"], "colour": ["pink"], "site": ["http://"], "slug": ["a lamp"],
        "remarks": ["<b>"],
    ]
}

/// Ten fields of ten kinds.
@Form
struct OrderForm {
    @CharField(maxLength: 100, helpText: "What it is.") var title: String
    @EmailField var email: String
    @IntegerField(maxValue: 1000, minValue: 1) var count: Int
    @DecimalField(maxDigits: 8, decimalPlaces: 2) var price: Decimal
    var day: CalendarDate
    var express: Bool
    var colour: Colour
    @URLField var site: String
    @SlugField var slug: String
    @CharField(required: false, widget: .textarea) var remarks: String

    /// What can be chosen.
    enum Colour: String, CaseIterable, ChoiceValue {
        case red
        case green
        case blue
    }
}
