extension LocalDateTime.Zone: ContextObject {
    /// No members.
    ///
    /// - Parameter name: the name.
    /// - Returns: nil.
    public func contextMember(_ name: String) -> ContextValue? { nil }

    /// The zone's name.
    public var contextDescription: ContextValue { .string(name) }
}
