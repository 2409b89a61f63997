public import NuagesCore

/// The names of path converters besides Django's five.
///
/// Register one of your own by an alias; it can then stand in front of the colon:
///
///     extension PathConverters { typealias yyyy = FourDigitYear }
///     #path("articles/<yyyy:year>/", yearArchive)
///
/// A name that is taken is a redeclaration, which does not compile.
///
/// Django: `register_converter`.
public enum PathConverters {
    // swift-format-ignore: TypeNamesShouldBeCapitalized
    /// `<publicid:name>`: a `PublicID`.
    public typealias publicid = PublicIDConverter
}

/// `<publicid:name>`: a random id of 128 bits as 26 letters and digits.
public enum PublicIDConverter: PathConverter {
    /// The letters and digits of an id, 26 of them.
    public static let characters = PathCharacters(
        String(decoding: PublicID.alphabet, as: UTF8.self)
    ).count(PublicID.length...PublicID.length)
    /// The id.
    public static func value(from text: String) -> PublicID? { PublicID(text) }
    /// The text of the id.
    public static func text(from value: PublicID) -> String? { value.description }
}

extension PublicID: PathTextConvertible {
    /// An id as it stands in a URL.
    public init?(pathText: String) { self.init(pathText) }

    /// The id.
    public var pathArgument: PathArgument { .other(self) }
}
