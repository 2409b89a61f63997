#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A pipe whose reading end wakes a `poll`.
package final class Alarm: Sendable {
    /// What becomes readable.
    package let reader: Int32
    private let writer: Int32

    /// A new pipe.
    package init() throws(DatabaseError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw .operational("The system has no descriptors left.", statement: nil)
        }
        (reader, writer) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// Wakes, from any thread.
    package func ring() {
        var byte: UInt8 = 1
        // A full pipe wakes as well.
        _ = write(writer, &byte, 1)
    }

    /// Takes back what was rung.
    package func silence() {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            while read(reader, buffer.baseAddress, buffer.count) == buffer.count {}
        }
    }
}
