import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxBuilder

/// What can be wrong with the declaration of a model.
enum ModelDiagnostic: DiagnosticMessage, Equatable {
    case notAStruct
    case constant(String)
    case unknownType(String)
    case relationWithoutRule(String)
    case foreignKeyType(String, String)
    case reverseWithoutKeyPath(String)
    case endsInUnderscore(String)
    case doubleUnderscore(String)
    case reservedName(String)
    case severalKeys
    case unknownKeyField([String])
    case managerName(String)
    case proxyFields
    case manyToManyType(String)
    case foreignObjectType(String)
    case genericType(String)
    case abstractRelations
    case setOfModel(String)
    case setOfAbstractModel(String)

    var severity: DiagnosticSeverity { .error }

    var diagnosticID: MessageID {
        let name = String(describing: self).prefix { $0 != "(" }
        return MessageID(domain: "Nuages.Model", id: String(name))
    }

    var message: String {
        switch self {
        case .notAStruct: "@Model belongs to a struct; its values are copied, not shared."
        case .constant(let name): "The field '\(name)' must be a 'var': saving and loading set it."
        case .unknownType(let name):
            "Write the type of '\(name)': @Model cannot see the type of its initial value."
        case .relationWithoutRule(let name):
            "'\(name)' leads to another model: say with @ForeignKey what its deletion does."
        case .foreignKeyType(let name, let type):
            "'\(name)' is \(type); under @ForeignKey it must be a reference such as Question.Reference."
        case .reverseWithoutKeyPath(let name):
            "@Reverse of '\(name)' needs the key path of a foreign key, such as \\Choice.question."
        case .endsInUnderscore(let name): "The field '\(name)' must not end in an underscore."
        case .doubleUnderscore(let name):
            "The field '\(name)' must not have two underscores together: lookups are separated by them."
        case .reservedName(let name):
            "'\(name)' cannot be a field: it is the name of every primary key."
        case .severalKeys: "A model has one primary key."
        case .unknownKeyField(let names):
            "'compositeKey' names what is no field of the model: \(names.joined(separator: ", "))."
        case .managerName(let name):
            "'\(name)' cannot be a manager: it is no name of a static property."
        case .proxyFields:
            "A proxy has one property, the model it is a proxy of under @Parent, and no fields."
        case .manyToManyType(let name):
            "'\(name)' under @ManyToMany must have the type of a set, such as RelatedSet<Author>."
        case .foreignObjectType(let name):
            "'\(name)' under @ForeignObject must have the type RelatedOne, such as RelatedOne<User>."
        case .genericType(let name):
            """
            '\(name)' under @GenericForeignKey must have the type GenericObject of the model, such as \
            GenericObject<Tag>.
            """
        case .abstractRelations:
            """
            An @AbstractModel has fields, foreign keys and many-to-many relations; parents and the ways \
            back of relations belong to the models.
            """
        case .setOfModel(let name):
            "'\(name)' belongs to a model's own rows: its type is RelatedSet, not InheritedSet."
        case .setOfAbstractModel(let name):
            """
            '\(name)' belongs to the rows of the models that have it: in an @AbstractModel its type is \
            InheritedSet, not RelatedSet.
            """
        }
    }

    func diagnostic(at node: some SyntaxProtocol) -> Diagnostic {
        Diagnostic(node: node, message: self)
    }

    func diagnostic(replacing old: TokenSyntax, by new: TokenSyntax) -> Diagnostic {
        Diagnostic(
            node: old,
            message: self,
            fixIt: .replace(
                message: ModelFixIt.useVar,
                oldNode: old,
                newNode: new
            )
        )
    }

    func diagnostic(addingForeignKeyTo variable: VariableDeclSyntax) -> Diagnostic {
        let attribute: AttributeSyntax = "@ForeignKey(onDelete: .cascade)"
        var changed = variable
        changed.leadingTrivia = []
        changed.attributes.insert(
            .attribute(
                attribute.with(\.leadingTrivia, variable.leadingTrivia)
                    .with(\.trailingTrivia, .space)
            ),
            at: changed.attributes.startIndex
        )
        return Diagnostic(
            node: variable,
            message: self,
            fixIt: .replace(
                message: ModelFixIt.addForeignKey,
                oldNode: variable,
                newNode: changed
            )
        )
    }
}

/// What mends the declaration of a model.
enum ModelFixIt: String, FixItMessage {
    case useVar = "Replace 'let' with 'var'"
    case addForeignKey = "Add '@ForeignKey(onDelete: .cascade)'"

    var message: String { rawValue }
    var fixItID: MessageID { MessageID(domain: "Nuages.Model", id: "\(self)") }
}
