extension HTMLAttribute {
    /// What names the element in the page.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func id(_ value: String) -> Self { .text("id", value) }

    /// A hint.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func title(_ value: String) -> Self { .text("title", value) }

    /// The language.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func lang(_ value: String) -> Self { .text("lang", value) }

    /// The direction of the text.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func dir(_ value: String) -> Self { .text("dir", value) }

    /// The name of a field.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func name(_ value: String) -> Self { .text("name", value) }

    /// The value of a field.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func value(_ value: String) -> Self { .text("value", value) }

    /// The kind of a field, button or resource.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func type(_ value: String) -> Self { .text("type", value) }

    /// A hint in an empty field.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func placeholder(_ value: String) -> Self { .text("placeholder", value) }

    /// The part that the element plays for assistive technology.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func role(_ value: String) -> Self { .text("role", value) }

    /// The text in place of an image.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func alt(_ value: String) -> Self { .text("alt", value) }

    /// What an address is for the page.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func rel(_ value: String) -> Self { .text("rel", value) }

    /// Where an address is opened.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func target(_ value: String) -> Self { .text("target", value) }

    /// How a form is sent.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func method(_ value: String) -> Self { .text("method", value) }

    /// What is said of the page.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func content(_ value: String) -> Self { .text("content", value) }

    /// The encoding.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func charset(_ value: String) -> Self { .text("charset", value) }

    /// For which media something is.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func media(_ value: String) -> Self { .text("media", value) }

    /// The sizes of an image.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func sizes(_ value: String) -> Self { .text("sizes", value) }

    /// What a heading of a table belongs to.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func scope(_ value: String) -> Self { .text("scope", value) }

    /// A date or time for programs.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func datetime(_ value: String) -> Self { .text("datetime", value) }

    /// The least value.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func min(_ value: String) -> Self { .text("min", value) }

    /// The greatest value.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func max(_ value: String) -> Self { .text("max", value) }

    /// The distance between values.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func step(_ value: String) -> Self { .text("step", value) }

    /// The pattern that a value fits.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func pattern(_ value: String) -> Self { .text("pattern", value) }

    /// What a browser may fill in.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func autocomplete(_ value: String) -> Self { .text("autocomplete", value) }

    /// The keyboard for a field.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func inputmode(_ value: String) -> Self { .text("inputmode", value) }

    /// The kinds of files of a field.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func accept(_ value: String) -> Self { .text("accept", value) }

    /// How the fields of a form are written.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func enctype(_ value: String) -> Self { .text("enctype", value) }

    /// What lets a script or style of the page run.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func nonce(_ value: String) -> Self { .text("nonce", value) }

    /// The digest of a resource.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func integrity(_ value: String) -> Self { .text("integrity", value) }

    /// How another origin is asked.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func crossorigin(_ value: String) -> Self { .text("crossorigin", value) }

    /// What another page is told of this one.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func referrerpolicy(_ value: String) -> Self { .text("referrerpolicy", value) }

    /// When an image is fetched.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func loading(_ value: String) -> Self { .text("loading", value) }

    /// Under which name an address is saved.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func download(_ value: String) -> Self { .text("download", value) }

    /// The form to which a field belongs.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func form(_ value: String) -> Self { .text("form", value) }

    /// The suggestions for a field.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func list(_ value: String) -> Self { .text("list", value) }

    /// What is said of the page, as Open Graph names it.
    ///
    /// - Parameter value: the text, escaped when it is written.
    /// - Returns: the attribute.
    public static func property(_ value: String) -> Self { .text("property", value) }

    /// The width.
    ///
    /// - Parameter value: the number.
    /// - Returns: the attribute.
    public static func width(_ value: Int) -> Self { .number("width", value) }

    /// The height.
    ///
    /// - Parameter value: the number.
    /// - Returns: the attribute.
    public static func height(_ value: Int) -> Self { .number("height", value) }

    /// How many columns a cell takes.
    ///
    /// - Parameter value: the number.
    /// - Returns: the attribute.
    public static func colspan(_ value: Int) -> Self { .number("colspan", value) }

    /// How many rows a cell takes.
    ///
    /// - Parameter value: the number.
    /// - Returns: the attribute.
    public static func rowspan(_ value: Int) -> Self { .number("rowspan", value) }

    /// The lines of a field.
    ///
    /// - Parameter value: the number.
    /// - Returns: the attribute.
    public static func rows(_ value: Int) -> Self { .number("rows", value) }

    /// The columns of a field.
    ///
    /// - Parameter value: the number.
    /// - Returns: the attribute.
    public static func cols(_ value: Int) -> Self { .number("cols", value) }

    /// The size of a field.
    ///
    /// - Parameter value: the number.
    /// - Returns: the attribute.
    public static func size(_ value: Int) -> Self { .number("size", value) }

    /// The greatest length of a text.
    ///
    /// - Parameter value: the number.
    /// - Returns: the attribute.
    public static func maxlength(_ value: Int) -> Self { .number("maxlength", value) }

    /// The least length of a text.
    ///
    /// - Parameter value: the number.
    /// - Returns: the attribute.
    public static func minlength(_ value: Int) -> Self { .number("minlength", value) }

    /// The place in the order of the tabulator.
    ///
    /// - Parameter value: the number.
    /// - Returns: the attribute.
    public static func tabindex(_ value: Int) -> Self { .number("tabindex", value) }

    /// The address of a link.
    ///
    /// - Parameter url: the address; `about:invalid` stands for one that could run code.
    /// - Returns: the attribute.
    public static func href(_ url: String) -> Self { .url("href", url) }

    /// The address of a resource.
    ///
    /// - Parameter url: the address; `about:invalid` stands for one that could run code.
    /// - Returns: the attribute.
    public static func src(_ url: String) -> Self { .url("src", url) }

    /// The address that a form is sent to.
    ///
    /// - Parameter url: the address; `about:invalid` stands for one that could run code.
    /// - Returns: the attribute.
    public static func action(_ url: String) -> Self { .url("action", url) }

    /// The address that a button sends its form to.
    ///
    /// - Parameter url: the address; `about:invalid` stands for one that could run code.
    /// - Returns: the attribute.
    public static func formaction(_ url: String) -> Self { .url("formaction", url) }

    /// The image in front of a film.
    ///
    /// - Parameter url: the address; `about:invalid` stands for one that could run code.
    /// - Returns: the attribute.
    public static func poster(_ url: String) -> Self { .url("poster", url) }

    /// Whether a box is ticked.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func checked(_ isSet: Bool = true) -> Self { .flag("checked", isSet) }

    /// Whether a field cannot be used.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func disabled(_ isSet: Bool = true) -> Self { .flag("disabled", isSet) }

    /// Whether an option is chosen.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func selected(_ isSet: Bool = true) -> Self { .flag("selected", isSet) }

    /// Whether a field must be filled in.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func required(_ isSet: Bool = true) -> Self { .flag("required", isSet) }

    /// Whether a field cannot be changed.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func readonly(_ isSet: Bool = true) -> Self { .flag("readonly", isSet) }

    /// Whether there may be several values.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func multiple(_ isSet: Bool = true) -> Self { .flag("multiple", isSet) }

    /// Whether the element is not shown.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func hidden(_ isSet: Bool = true) -> Self { .flag("hidden", isSet) }

    /// Whether the field has the focus at first.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func autofocus(_ isSet: Bool = true) -> Self { .flag("autofocus", isSet) }

    /// Whether a form is sent unchecked.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func novalidate(_ isSet: Bool = true) -> Self { .flag("novalidate", isSet) }

    /// Whether details or a dialog are shown.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func open(_ isSet: Bool = true) -> Self { .flag("open", isSet) }

    /// Whether a script runs when it comes.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func `async`(_ isSet: Bool = true) -> Self { .flag("async", isSet) }

    /// Whether a script runs when the page is there.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func `defer`(_ isSet: Bool = true) -> Self { .flag("defer", isSet) }

    /// Whether a film has buttons.
    ///
    /// - Parameter isSet: whether the attribute is there.
    /// - Returns: the attribute.
    public static func controls(_ isSet: Bool = true) -> Self { .flag("controls", isSet) }
}
