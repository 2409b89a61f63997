import NuagesCore
import NuagesForms

/// What a model form says of its fields besides what the model does.
struct ModelFieldChanges: Sendable {
    /// Fields in place of those that the model makes.
    var replaced: [ByteName: any FormField] = [:]
    /// Changes of the options of fields, in the order in which they were made.
    var options: [(name: String, change: @Sendable (inout FieldOptions) -> Void)] = []
    /// Changes of the choices of relations.
    var choices: [(name: String, change: @Sendable (any FormField) -> any FormField)] = []

    /// The field with all that is said of it.
    func applied(to field: any FormField, _ name: String) -> any FormField {
        var field = field
        if var own = replaced[ByteName(name)] {
            if own.options.label == nil { own.options.label = field.options.label }
            if own.options.helpText == "" { own.options.helpText = field.options.helpText }
            field = own
        }
        for change in choices where change.name.equalsBytes(name) { field = change.change(field) }
        for change in options where change.name.equalsBytes(name) { change.change(&field.options) }
        return field
    }
}
