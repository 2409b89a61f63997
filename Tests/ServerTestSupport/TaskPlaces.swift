import Foundation
import NIOCore
import NIOPosix

/// Leaves the thread in the ways in which a view may, again and again, and says where it came back.
///
/// - Returns: a name for each event loop, and `none` for other threads.
package func placesOfThisTask() async -> [String] {
    let other = Other()
    var places = [place()]
    for _ in 0..<100 {
        await Task.yield()
        places.append(place())
        await other.act()
        places.append(place())
        await Task.detached {}.value
        places.append(place())
    }
    for _ in 0..<10 {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume() }
        }
        places.append(place())
    }
    return Set(places).sorted()
}

private actor Other {
    func act() {}
}

/// The event loop whose thread this is.
private func place() -> String {
    MultiThreadedEventLoopGroup.currentEventLoop.map { "\(ObjectIdentifier($0))" } ?? "none"
}
