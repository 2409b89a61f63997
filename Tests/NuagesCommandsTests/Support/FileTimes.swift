#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Sets when a file was last changed.
func setTime(ofFile path: String, seconds: Int, nanoseconds: Int) {
    var times = [
        timespec(tv_sec: seconds, tv_nsec: nanoseconds),
        timespec(tv_sec: seconds, tv_nsec: nanoseconds),
    ]
    utimensat(AT_FDCWD, path, &times, 0)
}
