/// Called by libFuzzer once: the first argument names the target, and is taken away; the others
/// are libFuzzer's.
///
///     Fuzz http1 Corpus/http1 -runs=10000000
@_cdecl("LLVMFuzzerInitialize")
public func initializeFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> Int32 {
    let name = count.pointee > 1 ? arguments.pointee[1].map { String(cString: $0) } : nil
    FuzzTarget.current = FuzzTarget.all.first { $0.name == name }
    guard FuzzTarget.current != nil else {
        fatalError("Choices are: \(FuzzTarget.all.map(\.name).joined(separator: " ")).")
    }
    arguments.pointee[1] = arguments.pointee[0]
    arguments.pointee += 1
    count.pointee -= 1
    return 0
}

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    FuzzTarget.current?.run(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}

/// A parser with what must hold for any input.
struct FuzzTarget: Sendable {
    let name: String
    let run: @Sendable ([UInt8]) -> Void

    // @unchecked: set once, before libFuzzer, which has one thread, is started.
    nonisolated(unsafe) static var current: FuzzTarget?

    static let all = [
        FuzzTarget(name: "http1", run: HTTP1Target.run),
        FuzzTarget(name: "multipart", run: MultipartTarget.run),
        FuzzTarget(name: "query", run: QueryTarget.run),
        FuzzTarget(name: "cookies", run: CookieTarget.run),
        FuzzTarget(name: "headers", run: HeaderTarget.run),
        FuzzTarget(name: "dates", run: DateTarget.run),
        FuzzTarget(name: "urls", run: URLTarget.run),
        FuzzTarget(name: "patterns", run: PatternTarget.run),
        FuzzTarget(name: "hosts", run: HostTarget.run),
        FuzzTarget(name: "json", run: JSONTarget.run),
        FuzzTarget(name: "images", run: ImageTarget.run),
        FuzzTarget(name: "templates", run: TemplateTarget.run),
        FuzzTarget(name: "filters", run: FilterTarget.run),
        FuzzTarget(name: "catalogs", run: CatalogTarget.run),
        FuzzTarget(name: "postgresql", run: PostgreSQLTarget.run),
        FuzzTarget(name: "sqlite", run: SQLiteTarget.run),
        FuzzTarget(name: "mariadb", run: MariaDBTarget.run),
    ]
}

/// Ends the run where something contradicts itself; libFuzzer keeps the input.
func require(_ condition: Bool, _ text: @autoclosure () -> String) {
    if !condition { fatalError(text()) }
}
