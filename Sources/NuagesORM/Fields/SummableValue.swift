#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A value of which the database makes sums and means.
///
/// A type of your own that is a number conforms without more, if its mean is a `Double`:
///
///     extension Celsius: SummableValue {}
public protocol SummableValue: FieldValue {
    /// What the mean of several is, unless another type is asked for.
    associatedtype Mean: FieldValue = Double
}

extension Int: SummableValue {}
extension Int64: SummableValue {}
extension Int32: SummableValue {}
extension Int16: SummableValue {}
extension Double: SummableValue {}
extension Decimal: SummableValue {}

extension Duration: SummableValue {
    /// A length of time, in whole microseconds.
    public typealias Mean = Duration
}
