import CFuzzer

/// Feeds generated input to one parser until something traps or contradicts itself.
///
///     fuzz http1 Corpus/http1 -runs=10000000
///
/// The first argument names the target; the others are libFuzzer's.
@main
struct Fuzz {
    static func main() {
        guard let name = CommandLine.arguments.dropFirst().first,
            let target = FuzzTarget.all.first(where: { $0.name == name })
        else {
            print("Choices are: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
            return
        }
        FuzzTarget.current = target
        var arguments = CommandLine.unsafeArgv
        // libFuzzer sees its own arguments only, behind the name of the program.
        arguments[1] = arguments[0]
        arguments += 1
        var count = CommandLine.argc - 1
        LLVMFuzzerRunDriver(&count, &arguments) { data, size in
            FuzzTarget.current?.run(Array(UnsafeBufferPointer(start: data, count: size)))
            return 0
        }
    }
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
        FuzzTarget(name: "hosts", run: HostTarget.run),
        FuzzTarget(name: "json", run: JSONTarget.run),
    ]
}

/// Ends the run where something contradicts itself; libFuzzer keeps the input.
func require(_ condition: Bool, _ text: @autoclosure () -> String) {
    if !condition { fatalError(text()) }
}
