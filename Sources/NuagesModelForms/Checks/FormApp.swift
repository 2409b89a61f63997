public import NuagesCore

/// An app that lists its model forms, so that `check` looks at their fields.
///
///     struct NewsApp: ModelApp, FormApp {
///         let label = "news"
///         let models: [any Model.Type] = [Article.self]
///         let forms: [any ModelForm.Type] = [ArticleForm.self, CommentForm.self]
///     }
///
/// The forms of class-based views are known by their routes; those that only functions use are
/// listed here. A form that is not listed says what is wrong with it when a page first needs it.
public protocol FormApp: App {
    /// The model forms.
    var forms: [any ModelForm.Type] { get }
}
