import FoundationEssentials
import NuagesCore
import NuagesORM

/// Holds volumes; names are unique.
@Model(app: "conformance", ordering: ["name"])
struct Shelf {
    @Field(maxLength: 40, unique: true) var name: String
    var floor = 0
    @Reverse(\Volume.shelf) var volumes: RelatedSet<Volume>
}

/// A volume on a shelf, which may follow another.
@Model(app: "conformance", ordering: ["title"])
struct Volume {
    @ForeignKey(onDelete: .cascade) var shelf: Shelf.Reference
    @ForeignKey(onDelete: .setNull) var sequelOf: Volume.Reference?
    @Field(maxLength: 60, index: true) var title: String
    var pages = 0
    @Field(maxDigits: 8, decimalPlaces: 2) var price: Decimal?
    var isLent = false
    var acquired: CalendarDate?
    var data: JSONValue = .object([])
}

/// A value of every kind, or none.
@Model(app: "conformance", ordering: ["id"])
struct Sample {
    @Field(maxLength: 30) var short: String?
    var text: String?
    var number: Int?
    var large: Int64?
    var small: Int16?
    var float: Double?
    @Field(maxDigits: 12, decimalPlaces: 4) var exact: Decimal?
    var flag: Bool?
    var day: CalendarDate?
    var clock: TimeOfDay?
    var moment: Date?
    var span: Duration?
    var identifier: UUID?
    var bytes: [UInt8]?
    var document: JSONValue?
}
