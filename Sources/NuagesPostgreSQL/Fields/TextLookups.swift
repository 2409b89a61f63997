import NuagesORM

/// Lookups of text that extensions bring.
enum TextLookups {
    static func register() {
        for type in [FieldType.charField, .textField] {
            CustomLookups.register(unaccent, as: "unaccent", for: type)
            let signs = [
                ("trigram_similar", "%"), ("trigram_word_similar", "%>"),
                ("trigram_strict_word_similar", "%>>"),
            ]
            for (name, sign) in signs {
                CustomLookups.register(
                    CustomLookup(name, prepare: nil) {
                        .operation($0.left, sign, try $0.right(as: .text))
                    },
                    for: type
                )
            }
        }
        CustomLookups.register(unaccent)
    }

    private static let unaccent = SQLFunction("Unaccent", arguments: 1, gives: .first) {
        $0.call("UNACCENT")
    }.bilateral
}
