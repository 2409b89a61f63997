public import ArgumentParser
public import NuagesServer

extension ListenAddress: ExpressibleByArgument {
    /// Reads the address of `runserver`.
    ///
    /// - Parameter argument: the address.
    public init?(argument: String) { self.init(argument) }

    /// The address as it is written on the command line.
    public var defaultValueDescription: String { description }
}
