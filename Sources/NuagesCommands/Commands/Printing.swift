#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Prints and flushes, so that progress shows while the work goes on.
func printNow(_ text: String, terminator: String = "\n") {
    print(text, terminator: terminator)
    fflush(nil)
}

/// Prints to standard error, which holds what is for people where standard output is for programs.
func printError(_ text: String) {
    let bytes = Array("\(text)\n".utf8)
    bytes.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Whether a person can answer: both input and output are a terminal.
var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }
