/// A connection as its event loop sees it; every function is called on the loop.
package protocol LoopConnection: AnyObject {
    /// The place in the loop's list of connections.
    var index: Int { get set }

    /// The methods and paths of the requests that are read or answered now, for the log.
    var requestsAtWork: [String] { get }

    /// Looks at the deadlines.
    ///
    /// - Parameter elapsed: nanoseconds since the last tick.
    func tick(elapsed: UInt64)

    /// Ends the connection where nothing is under way on it, and else soon.
    func shutDown()

    /// Closes without regard to what is under way.
    func closeNow()
}

extension LoopConnection {
    /// None.
    package var requestsAtWork: [String] { [] }
}
