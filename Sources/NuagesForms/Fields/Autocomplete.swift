/// What a control is for, so that browsers and helpers can fill it in: the values of HTML's
/// `autocomplete`, which WCAG 1.3.5 asks for where a control is about its user.
///
///     @CharField(autocomplete: .username) var username: String
///     @CharField(autocomplete: "shipping postal-code") var code: String
public struct Autocomplete: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The value of the attribute.
    public let value: String

    /// A value by its name in HTML.
    ///
    /// - Parameter value: such as `shipping postal-code`.
    public init(stringLiteral value: String) { self.value = value }

    /// Nothing is filled in.
    public static let off: Autocomplete = "off"
    /// A whole name.
    public static let name: Autocomplete = "name"
    /// A first name.
    public static let givenName: Autocomplete = "given-name"
    /// A last name.
    public static let familyName: Autocomplete = "family-name"
    /// An email address.
    public static let email: Autocomplete = "email"
    /// A user's name for this site.
    public static let username: Autocomplete = "username"
    /// A password that is to be made.
    public static let newPassword: Autocomplete = "new-password"
    /// The password that a user has.
    public static let currentPassword: Autocomplete = "current-password"
    /// A code that is sent for one use.
    public static let oneTimeCode: Autocomplete = "one-time-code"
    /// A company or another organization.
    public static let organization: Autocomplete = "organization"
    /// A street with its number, in several lines.
    public static let streetAddress: Autocomplete = "street-address"
    /// A town.
    public static let town: Autocomplete = "address-level2"
    /// A postal code.
    public static let postalCode: Autocomplete = "postal-code"
    /// A country by its name.
    public static let countryName: Autocomplete = "country-name"
    /// A telephone number.
    public static let telephone: Autocomplete = "tel"
    /// A date of birth.
    public static let birthday: Autocomplete = "bday"
    /// A page of one's own.
    public static let url: Autocomplete = "url"
}
