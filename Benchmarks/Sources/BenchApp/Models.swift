import FoundationEssentials
import Nuages

/// A row of TechEmpower's table of random numbers.
@Model(app: "bench", table: "world", isManaged: false)
struct World {
    @Field(column: "randomnumber") var randomNumber: Int
}

/// A row of TechEmpower's table of fortune cookies.
@Model(app: "bench", table: "fortune", isManaged: false)
struct Fortune {
    @Field(maxLength: 2048) var message: String
}

/// What an item belongs to.
@Model(app: "bench", table: "category", isManaged: false)
struct Category {
    @Field(maxLength: 100) var name: String
}

/// A row of the table that is exported.
@Model(app: "bench", table: "item", isManaged: false)
struct Item {
    @Field(maxLength: 100) var name: String
    @ForeignKey(onDelete: .cascade) var category: Category.Reference
    var price: Double
    var created: Date
    var description: String
    @Field(maxLength: 100) var note: String
    var active = true
}

/// What the form saves.
@Model(app: "bench", table: "entry", isManaged: false)
struct Entry {
    @Field(maxLength: 100) var name: String
    @Field(maxLength: 254) var email: String
    var quantity: Int
    var message: String
    @Field(autoNowAdd: true) var created: Date
}
