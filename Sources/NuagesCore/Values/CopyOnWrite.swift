/// A value of many parts behind one reference.
///
/// Handing it on copies the reference and not each of the parts; a change copies the value first
/// where somebody else has it too.
@frozen
// @unchecked: the box is changed only while nobody else has it.
package struct CopyOnWrite<Value: Sendable>: @unchecked Sendable {
    @usableFromInline
    final class Box {
        @exclusivity(unchecked) @usableFromInline var value: Value

        @inlinable init(_ value: Value) { self.value = value }
    }

    @usableFromInline var box: Box

    /// Keeps a value.
    @inlinable package init(_ value: Value) { box = Box(value) }

    /// The value.
    @inlinable package var value: Value {
        _read { yield box.value }
        _modify {
            if !isKnownUniquelyReferenced(&box) { box = Box(box.value) }
            yield &box.value
        }
    }
}
