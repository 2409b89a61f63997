public import NuagesCore

/// HTML in Swift: one property for each element.
///
///     HTML.ul(.class("names")) {
///         for person in people {
///             HTML.li { HTML.a(.href(person.homepage)) { person.name } }
///         }
///     }
///     // <ul class="names"><li><a href="https://a.example/">Ann &amp; Bob</a></li></ul>
///
/// Whatever is a `String` is escaped. Addresses with a scheme that could run code become
/// `about:invalid`. There are no attributes for event handlers and styles, and no text in scripts
/// and style sheets but literals.
///
/// Source: HTML Living Standard, section 4.
public enum HTML {
    /// A link.
    public static var a: HTMLTag { HTMLTag("a") }
    /// An abbreviation.
    public static var abbr: HTMLTag { HTMLTag("abbr") }
    /// Contact information.
    public static var address: HTMLTag { HTMLTag("address") }
    /// A part of a page that stands on its own.
    public static var article: HTMLTag { HTMLTag("article") }
    /// What is beside the subject.
    public static var aside: HTMLTag { HTMLTag("aside") }
    /// Sound.
    public static var audio: HTMLTag { HTMLTag("audio") }
    /// Text that stands out.
    public static var b: HTMLTag { HTMLTag("b") }
    /// Text whose direction is apart from its surroundings'.
    public static var bdi: HTMLTag { HTMLTag("bdi") }
    /// Text in another direction.
    public static var bdo: HTMLTag { HTMLTag("bdo") }
    /// A quotation of some length.
    public static var blockquote: HTMLTag { HTMLTag("blockquote") }
    /// The page.
    public static var body: HTMLTag { HTMLTag("body") }
    /// A button.
    public static var button: HTMLTag { HTMLTag("button") }
    /// A drawing made by a script.
    public static var canvas: HTMLTag { HTMLTag("canvas") }
    /// The title of a table.
    public static var caption: HTMLTag { HTMLTag("caption") }
    /// The title of a work.
    public static var cite: HTMLTag { HTMLTag("cite") }
    /// Code.
    public static var code: HTMLTag { HTMLTag("code") }
    /// Columns of a table.
    public static var colgroup: HTMLTag { HTMLTag("colgroup") }
    /// Suggestions for a field.
    public static var datalist: HTMLTag { HTMLTag("datalist") }
    /// What a term means.
    public static var dd: HTMLTag { HTMLTag("dd") }
    /// What was removed.
    public static var del: HTMLTag { HTMLTag("del") }
    /// What is shown when it is asked for.
    public static var details: HTMLTag { HTMLTag("details") }
    /// A term where it is defined.
    public static var dfn: HTMLTag { HTMLTag("dfn") }
    /// A dialog.
    public static var dialog: HTMLTag { HTMLTag("dialog") }
    /// A part of a page.
    public static var div: HTMLTag { HTMLTag("div") }
    /// Terms and what they mean.
    public static var dl: HTMLTag { HTMLTag("dl") }
    /// A term.
    public static var dt: HTMLTag { HTMLTag("dt") }
    /// Stress.
    public static var em: HTMLTag { HTMLTag("em") }
    /// Fields that belong together.
    public static var fieldset: HTMLTag { HTMLTag("fieldset") }
    /// The text of a figure.
    public static var figcaption: HTMLTag { HTMLTag("figcaption") }
    /// A figure.
    public static var figure: HTMLTag { HTMLTag("figure") }
    /// The foot of a page or part.
    public static var footer: HTMLTag { HTMLTag("footer") }
    /// A form.
    public static var form: HTMLTag { HTMLTag("form") }
    /// A heading of the first level.
    public static var h1: HTMLTag { HTMLTag("h1") }
    /// A heading of the second level.
    public static var h2: HTMLTag { HTMLTag("h2") }
    /// A heading of the third level.
    public static var h3: HTMLTag { HTMLTag("h3") }
    /// A heading of the fourth level.
    public static var h4: HTMLTag { HTMLTag("h4") }
    /// A heading of the fifth level.
    public static var h5: HTMLTag { HTMLTag("h5") }
    /// A heading of the sixth level.
    public static var h6: HTMLTag { HTMLTag("h6") }
    /// What is said of a page.
    public static var head: HTMLTag { HTMLTag("head") }
    /// The head of a page or part.
    public static var header: HTMLTag { HTMLTag("header") }
    /// A heading with what belongs to it.
    public static var hgroup: HTMLTag { HTMLTag("hgroup") }
    /// A whole page.
    public static var html: HTMLTag { HTMLTag("html") }
    /// Text in another voice.
    public static var i: HTMLTag { HTMLTag("i") }
    /// A page in the page.
    public static var iframe: HTMLTag { HTMLTag("iframe") }
    /// What was added.
    public static var ins: HTMLTag { HTMLTag("ins") }
    /// What is typed.
    public static var kbd: HTMLTag { HTMLTag("kbd") }
    /// The name of a field.
    public static var label: HTMLTag { HTMLTag("label") }
    /// The title of a fieldset.
    public static var legend: HTMLTag { HTMLTag("legend") }
    /// An entry of a list.
    public static var li: HTMLTag { HTMLTag("li") }
    /// What a page is about.
    public static var main: HTMLTag { HTMLTag("main") }
    /// The places of an image.
    public static var map: HTMLTag { HTMLTag("map") }
    /// Text that is pointed out.
    public static var mark: HTMLTag { HTMLTag("mark") }
    /// Commands.
    public static var menu: HTMLTag { HTMLTag("menu") }
    /// A measure.
    public static var meter: HTMLTag { HTMLTag("meter") }
    /// Links to other pages or parts.
    public static var nav: HTMLTag { HTMLTag("nav") }
    /// What is shown where scripts do not run.
    public static var noscript: HTMLTag { HTMLTag("noscript") }
    /// An outside resource.
    public static var object: HTMLTag { HTMLTag("object") }
    /// A list in order.
    public static var ol: HTMLTag { HTMLTag("ol") }
    /// Options that belong together.
    public static var optgroup: HTMLTag { HTMLTag("optgroup") }
    /// An option.
    public static var option: HTMLTag { HTMLTag("option") }
    /// The result of a computation.
    public static var output: HTMLTag { HTMLTag("output") }
    /// A paragraph.
    public static var p: HTMLTag { HTMLTag("p") }
    /// An image in several forms.
    public static var picture: HTMLTag { HTMLTag("picture") }
    /// Text whose blanks count.
    public static var pre: HTMLTag { HTMLTag("pre") }
    /// How far something is.
    public static var progress: HTMLTag { HTMLTag("progress") }
    /// A short quotation.
    public static var q: HTMLTag { HTMLTag("q") }
    /// Brackets around a ruby.
    public static var rp: HTMLTag { HTMLTag("rp") }
    /// The text of a ruby.
    public static var rt: HTMLTag { HTMLTag("rt") }
    /// Text with its pronunciation.
    public static var ruby: HTMLTag { HTMLTag("ruby") }
    /// What is no longer right.
    public static var s: HTMLTag { HTMLTag("s") }
    /// What a program writes.
    public static var samp: HTMLTag { HTMLTag("samp") }
    /// A search.
    public static var search: HTMLTag { HTMLTag("search") }
    /// A part of a page with a heading.
    public static var section: HTMLTag { HTMLTag("section") }
    /// A choice of options.
    public static var select: HTMLTag { HTMLTag("select") }
    /// A place for content.
    public static var slot: HTMLTag { HTMLTag("slot") }
    /// A side comment.
    public static var small: HTMLTag { HTMLTag("small") }
    /// Text.
    public static var span: HTMLTag { HTMLTag("span") }
    /// Importance.
    public static var strong: HTMLTag { HTMLTag("strong") }
    /// Subscript.
    public static var sub: HTMLTag { HTMLTag("sub") }
    /// What is always shown of details.
    public static var summary: HTMLTag { HTMLTag("summary") }
    /// Superscript.
    public static var sup: HTMLTag { HTMLTag("sup") }
    /// A table.
    public static var table: HTMLTag { HTMLTag("table") }
    /// The rows of a table.
    public static var tbody: HTMLTag { HTMLTag("tbody") }
    /// A cell.
    public static var td: HTMLTag { HTMLTag("td") }
    /// Markup for scripts.
    public static var template: HTMLTag { HTMLTag("template") }
    /// A field for text of several lines.
    public static var textarea: HTMLTag { HTMLTag("textarea") }
    /// The foot of a table.
    public static var tfoot: HTMLTag { HTMLTag("tfoot") }
    /// The heading of a row or column.
    public static var th: HTMLTag { HTMLTag("th") }
    /// The head of a table.
    public static var thead: HTMLTag { HTMLTag("thead") }
    /// A date or time.
    public static var time: HTMLTag { HTMLTag("time") }
    /// The title of a page.
    public static var title: HTMLTag { HTMLTag("title") }
    /// A row.
    public static var tr: HTMLTag { HTMLTag("tr") }
    /// Text with a mark.
    public static var u: HTMLTag { HTMLTag("u") }
    /// A list.
    public static var ul: HTMLTag { HTMLTag("ul") }
    /// A variable.
    public static var `var`: HTMLTag { HTMLTag("var") }
    /// A film.
    public static var video: HTMLTag { HTMLTag("video") }
}

extension HTML {
    /// A place of an image.
    public static var area: HTMLVoidTag { HTMLVoidTag("area") }
    /// What addresses are relative to.
    public static var base: HTMLVoidTag { HTMLVoidTag("base") }
    /// The end of a line.
    public static var br: HTMLVoidTag { HTMLVoidTag("br") }
    /// A column of a table.
    public static var col: HTMLVoidTag { HTMLVoidTag("col") }
    /// An outside resource.
    public static var embed: HTMLVoidTag { HTMLVoidTag("embed") }
    /// A change of subject.
    public static var hr: HTMLVoidTag { HTMLVoidTag("hr") }
    /// An image.
    public static var img: HTMLVoidTag { HTMLVoidTag("img") }
    /// A field.
    public static var input: HTMLVoidTag { HTMLVoidTag("input") }
    /// What belongs to the page.
    public static var link: HTMLVoidTag { HTMLVoidTag("link") }
    /// Something said of a page.
    public static var meta: HTMLVoidTag { HTMLVoidTag("meta") }
    /// A source of a picture, sound or film.
    public static var source: HTMLVoidTag { HTMLVoidTag("source") }
    /// A text of a film.
    public static var track: HTMLVoidTag { HTMLVoidTag("track") }
    /// Where a line may end.
    public static var wbr: HTMLVoidTag { HTMLVoidTag("wbr") }
    /// A script: an address, or code that stands in the program.
    public static var script: HTMLCodeTag { HTMLCodeTag("script") }
    /// A style sheet that stands in the program.
    public static var style: HTMLCodeTag { HTMLCodeTag("style") }

    /// A whole page with its first line, `<!DOCTYPE html>`.
    ///
    /// - Parameters:
    ///   - attributes: the attributes of the element `html`.
    ///   - content: `head` and `body`.
    /// - Returns: the page.
    public static func document<Content: HTMLContent>(
        _ attributes: HTMLAttribute...,
        @HTMLBuilder content: () -> Content
    ) -> HTMLGroup<SafeString, HTMLElement<Content>> {
        HTMLGroup(
            SafeString(unsafe: "<!DOCTYPE html>\n"),
            HTMLElement(name: "html", attributes: attributes, content: content())
        )
    }
}
