#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The rounds of a thread that serves many tasks: in each it looks which sockets have something,
/// and lets the tasks that waited for it go on until they wait again.
///
/// What many tasks of a round want to do can be done at its end for all of them at once. All
/// methods are called on the thread itself.
package final class EventRound {
    /// Runs what it is given when the sockets of the round have been served.
    package var whenOver: (@escaping () -> Void) -> Void = { $0() }
    /// What is collected for the end of the round, by its owner.
    package var collected: [ObjectIdentifier: AnyObject] = [:]

    /// Rounds of a thread.
    package init() {}

    /// Those of the calling thread, while it runs tasks; nil where it has none.
    package static var current: EventRound? {
        guard let key, let pointer = pthread_getspecific(key) else { return nil }
        return Unmanaged<EventRound>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// The thread begins to run tasks.
    package func begin() {
        guard let key = Self.key else { return }
        pthread_setspecific(key, Unmanaged.passUnretained(self).toOpaque())
    }

    /// The thread is done with its tasks for now.
    package func end() {
        guard let key = Self.key else { return }
        pthread_setspecific(key, nil)
    }

    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        return pthread_key_create(&key, nil) == 0 ? key : nil
    }()
}
