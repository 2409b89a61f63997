import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How many descriptors of this process are open for the file at `path`.
func openDescriptors(of path: String) -> Int {
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    #if canImport(Darwin)
    return (0..<getdtablesize()).count { descriptor in
        var buffer = [CChar](repeating: 0, count: Int(MAXPATHLEN))
        guard fcntl(descriptor, F_GETPATH, &buffer) == 0 else { return false }
        let found = String(
            decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        return URL(fileURLWithPath: found).resolvingSymlinksInPath().path == real
    }
    #else
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.count { name in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)"))
            == real
    }
    #endif
}
