import NuagesCore

/// Numbers with the separators of the page's language, as localized fields show and read them.
enum LocalizedNumber {
    /// A number as it is shown.
    ///
    /// Django: `django.utils.formats.number_format`.
    static func text(_ value: FormValue) -> String {
        guard let number = value.number else { return value.text }
        let formatter = NumberFormat(FormEnvironment.current.localization)
        if case .decimal(let decimal) = number { return formatter.text(of: decimal) }
        let plain = number.description
        if plain.utf8.contains(UInt8(ascii: "e")), let exact = ExactDecimal(plain) {
            return formatter.text(of: exact)
        }
        return formatter.text(ofDigits: plain)
    }
}
