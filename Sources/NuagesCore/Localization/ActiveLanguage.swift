/// The language in which this task answers.
///
/// Django: `django.utils.translation.activate`, `get_language`, `override`.
public enum ActiveLanguage {
    /// The code of the language, such as `nl` or `pt-br`; nil where none was chosen, which means
    /// the language of the site.
    @TaskLocal public static var current: String?
}
