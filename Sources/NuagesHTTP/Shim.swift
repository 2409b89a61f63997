extension Request {
    /// Shim.
    public var clientAddress: String { remoteAddress }
}
