#if canImport(Glibc)
package import Glibc
#elseif canImport(Musl)
package import Musl
#else
package import Darwin
#endif

/// A program that runs beside the tests.
///
/// It is started and waited for by the system's own calls: Foundation's `Process` can miss the end
/// of one where several are started at once, and then waits for ever.
package final class ChildProcess: Sendable {
    package struct Failure: Error {
        let call: String
        let code: Int32
    }

    package let id: pid_t

    /// Starts a program that is found in `PATH`; descriptors that are not given are `/dev/null`.
    package init(
        _ program: String,
        _ arguments: [String],
        input: Int32? = nil,
        output: Int32? = nil
    )
        throws
    {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        Self.connect(input, to: 0, O_RDONLY, &actions)
        Self.connect(output, to: 1, O_WRONLY, &actions)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // What the server blocks, to wait for it elsewhere, the program must not miss.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id: pid_t = 0
        let code = posix_spawnp(&id, program, &actions, &attributes, &words, environ)
        guard code == 0 else { throw Failure(call: "posix_spawnp \(program)", code: code) }
        self.id = id
    }

    #if canImport(Darwin)
    private typealias Actions = posix_spawn_file_actions_t?
    #else
    private typealias Actions = posix_spawn_file_actions_t
    #endif

    private static func connect(
        _ descriptor: Int32?,
        to number: Int32,
        _ flags: Int32,
        _ actions: inout Actions
    ) {
        if let descriptor {
            posix_spawn_file_actions_adddup2(&actions, descriptor, number)
        } else {
            posix_spawn_file_actions_addopen(&actions, number, "/dev/null", flags, 0)
        }
    }

    /// Waits for the program's end; it is to be called once.
    ///
    /// - Returns: its status, or 128 and the signal that ended it, as a shell has it.
    package func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }

    /// Whether it still runs; where not, its end is taken note of.
    package var isRunning: Bool {
        var status: Int32 = 0
        return waitpid(id, &status, WNOHANG) == 0
    }

    /// Ends it, and waits for that.
    package func kill() {
        #if canImport(Glibc)
        Glibc.kill(id, SIGKILL)
        #elseif canImport(Musl)
        Musl.kill(id, SIGKILL)
        #else
        Darwin.kill(id, SIGKILL)
        #endif
        _ = wait()
    }

    /// Two descriptors, the second of which writes to the first; other programs do not get them.
    package static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        #if canImport(Darwin)
        let result = Darwin.pipe(&ends)
        #elseif canImport(Glibc)
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let result = socketpair(AF_UNIX, kind, 0, &ends)
        #else
        let result = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, &ends)
        #endif
        guard result == 0 else { throw Failure(call: "pipe", code: errno) }
        #if canImport(Darwin)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #endif
        return (ends[0], ends[1])
    }

    /// Runs a program to its end; its output and its errors come together.
    package static func run(
        _ program: String,
        _ arguments: [String],
        input: [UInt8] = []
    ) throws -> (status: Int32, output: String) {
        let feed = try pipe()
        let result = try pipe()
        let child: ChildProcess
        do {
            child = try ChildProcess(
                program,
                arguments,
                input: feed.reading,
                output: result.writing
            )
        } catch {
            for end in [feed.reading, feed.writing, result.reading, result.writing] { close(end) }
            throw error
        }
        close(feed.reading)
        close(result.writing)
        var start = 0
        while start < input.count {
            let count = input[start...].withUnsafeBytes {
                write(feed.writing, $0.baseAddress, $0.count)
            }
            guard count > 0 else { break }
            start += count
        }
        close(feed.writing)
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(result.reading, &buffer, buffer.count)
            guard count > 0 else { break }
            output += buffer[..<count]
        }
        close(result.reading)
        return (child.wait(), String(decoding: output, as: UTF8.self))
    }
}
