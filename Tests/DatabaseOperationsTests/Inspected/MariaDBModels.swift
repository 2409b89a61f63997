// Written by inspectdb from the tables of a database. What is left to do by hand:
//   - Give models and properties the names that you like; tables and columns keep theirs.
//   - Say in 'onDelete' what is to happen to rows that refer to one that is deleted.
//   - Leave out 'isManaged: false' where migrations are to look after a table.
import Foundation
import Nuages

@Model(table: "shed_book", key: UUID.self, uniqueTogether: [["title", "writer"]], isManaged: false)
struct ShedBook {
    @Field(maxLength: 200, collation: "utf8mb4_general_ci") var title: String
    @Field(maxDigits: 6, decimalPlaces: 2, blank: true) var price: Decimal?
    @ForeignKey(onDelete: .doNothing) var writer: ShedWriter.Reference
    @ForeignKey(onDelete: .databaseSetNull, relatedName: "shedbook_editor_set", blank: true)
    var editor: ShedWriter.Reference?
    @Field(blank: true) var made: Date?
    @Field(blank: true) var data: JSONValue?
    @Field(blank: true) var cover: [UInt8]?
    @Field(blank: true) var rate: Double?
    @Field(maxLength: 4) var code: String
    // This type is a guess: the database has 'enum('a','b')'.
    @Field(blank: true) var kind: String?
    var open: Bool
    @Field(kind: .positiveIntegerField, blank: true) var pages: Int?
    // This type is a guess: the database has 'year(4)'.
    @Field(blank: true) var year: String?
}

@Model(table: "shed_count", isManaged: false)
struct ShedCount {
    @Field(blank: true) var at: TimeOfDay?
}

@Model(table: "shed_loan", compositeKey: ["book_id", "number"], isManaged: false)
struct ShedLoan {
    @ForeignKey(onDelete: .databaseCascade) var book: ShedBook.Reference
    @Field(kind: .smallIntegerField) var number: Int
    @ForeignKey(onDelete: .doNothing, to: "name", blank: true, column: "writer_name")
    var writerName: FieldReference<ShedWriter, String>?
}

@Model(table: "shed_writer", keyKind: .autoField, isManaged: false, tableComment: "Who 'writes'")
struct ShedWriter {
    @Field(maxLength: 100, unique: true, comment: "the \"whole\" name") var name: String
    @Field(blank: true) var born: CalendarDate?
    @Field(blank: true) var key: UUID?
    @Field(blank: true) var rank: Int16?
}
