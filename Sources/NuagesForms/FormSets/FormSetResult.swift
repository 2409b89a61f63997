/// What came of reading a set of forms.
public enum FormSetResult<Value: Form>: Sendable {
    /// Everything is as it should be.
    case valid(FormSetValues<Value>)
    /// Something is wrong; the forms show themselves with their errors.
    case invalid(BoundFormSet)
}

/// The cleaned values of a set of forms.
public struct FormSetValues<Value: Form>: Sendable {
    /// The forms that were filled in and are to be kept, in the order that was submitted.
    public let rows: [FormSetRow<Value>]
    /// The forms themselves.
    public let bound: BoundFormSet

    init(rows: [FormSetRow<Value>], bound: BoundFormSet) {
        self.rows = rows
        self.bound = bound
    }

    /// The cleaned values in the order that was submitted.
    public var values: [Value] { rows.map(\.value) }
    /// The numbers of the forms that are to be deleted; those below the number of initial values
    /// stand for these.
    public var deletions: [Int] { bound.deletedIndices }
    /// The rows without initial values.
    public var additions: [FormSetRow<Value>] { rows.filter { !$0.isInitial } }
    /// The rows that differ from their initial values.
    public var changes: [FormSetRow<Value>] {
        rows.filter { $0.isInitial && !$0.changedFields.isEmpty }
    }
}

/// The cleaned value of one form of a set.
public struct FormSetRow<Value: Form>: Sendable {
    /// The number of the form; below the number of initial values it is that of its own.
    public let index: Int
    /// The cleaned value.
    public let value: Value
    /// The place that was submitted; nil without one.
    public let order: Int?
    /// Whether the form started with initial values.
    public let isInitial: Bool
    /// The names of the fields that differ from their initial values.
    public let changedFields: [String]

    init(_ value: Value, at index: Int, in set: BoundFormSet) {
        self.index = index
        self.value = value
        order = set.order(of: index)
        isInitial = index < set.initialFormCount
        changedFields = set.forms[index].changedFields
    }
}
