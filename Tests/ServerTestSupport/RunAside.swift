import Foundation

/// Runs a program on a thread of its own, so that the server's tasks go on meanwhile.
package func runAside(
    _ program: String,
    _ arguments: [String],
    input: [UInt8] = []
) async throws -> (status: Int32, output: String) {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(
                with: Result { try ChildProcess.run(program, arguments, input: input) }
            )
        }
    }
}
