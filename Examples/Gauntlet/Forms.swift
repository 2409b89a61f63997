import Nuages

/// A message with the address of its writer's site.
@Form
struct MessageForm {
    @CharField(maxLength: 100) var name: String
    var email: EmailAddress
    @URLField(maxLength: 200, required: false) var site: String
}

/// What to search for, in which order, and which page of it.
@Form
struct SearchForm {
    @CharField(maxLength: 100, required: false) var q: String
    @ChoiceField(required: false) var sort: ItemOrder?
}

/// The orders in which items can be listed; no other text reaches the database.
enum ItemOrder: String, CaseIterable, ChoiceValue {
    case title
    case price
    case newest
}

/// A file to keep.
@Form
struct UploadForm {
    @FileField(maxLength: 255) var file: UploadedFile
}
