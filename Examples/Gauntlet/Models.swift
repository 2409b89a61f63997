import Nuages

/// What somebody wrote by the form.
@Model
struct Message {
    @Field(maxLength: 100) var name: String
    @Field(maxLength: 254) var email: String
    @Field(maxLength: 200) var site: String
    @Field(autoNowAdd: true) var written: Date
}

/// Something to search for.
@Model
struct Item {
    @Field(maxLength: 100) var title: String
    @Field(maxLength: 30) var colour: String
    var price: Int
}

/// A file that was uploaded: the name that its sender gave it, and the one it is kept under.
@Model
struct StoredFile {
    @Field(maxLength: 255) var name: String
    @Field(unique: true) var storedName: FieldFile
    @Field(maxLength: 100) var contentType: String
    var size: Int
}
