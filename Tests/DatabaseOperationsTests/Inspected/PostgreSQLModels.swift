// Written by inspectdb from the tables of a database. What is left to do by hand:
//   - Give models and properties the names that you like; tables and columns keep theirs.
//   - Say in 'onDelete' what is to happen to rows that refer to one that is deleted.
//   - Leave out 'isManaged: false' where migrations are to look after a table.
import Foundation
import Nuages

@Model(table: "rack_book", key: UUID.self, uniqueTogether: [["title", "writer"]], isManaged: false)
struct RackBook {
    @Field(collation: "C") var title: String
    @Field(maxDigits: 6, decimalPlaces: 2, blank: true) var price: Decimal?
    @Field(blank: true) var total: Decimal?
    @ForeignKey(onDelete: .doNothing) var writer: RackWriter.Reference
    @ForeignKey(onDelete: .databaseSetNull, relatedName: "rackbook_editor_set", blank: true)
    var editor: RackWriter.Reference?
    @Field(blank: true) var made: Date?
    @Field(blank: true) var lasts: Duration?
    @Field(blank: true) var data: JSONValue?
    @Field(blank: true) var cover: [UInt8]?
    @Field(blank: true) var rate: Double?
    @Field(maxLength: 4) var code: String
    // This type is a guess: the database has 'text[]'.
    @Field(blank: true) var tags: String?
    var open: Bool
}

@Model(table: "rack_count", isManaged: false)
struct RackCount {
    @Field(blank: true) var at: TimeOfDay?
}

@Model(table: "rack_loan", compositeKey: ["book_id", "number"], isManaged: false)
struct RackLoan {
    @ForeignKey(onDelete: .databaseCascade) var book: RackBook.Reference
    @Field(kind: .smallIntegerField) var number: Int
    @ForeignKey(onDelete: .doNothing, to: "name", blank: true, column: "writer_name")
    var writerName: FieldReference<RackWriter, String>?
}

@Model(table: "rack_writer", keyKind: .autoField, isManaged: false, tableComment: "Who \"writes\"")
struct RackWriter {
    @Field(maxLength: 100, unique: true) var name: String
    @Field(blank: true, comment: "the day") var born: CalendarDate?
    @Field(kind: .genericIPAddressField, blank: true) var address: String?
    @Field(blank: true) var key: UUID?
    @Field(blank: true) var rank: Int16?
}
