// Written by inspectdb from the tables of a database. What is left to do by hand:
//   - Give models and properties the names that you like; tables and columns keep theirs.
//   - Say in 'onDelete' what is to happen to rows that refer to one that is deleted.
//   - Leave out 'isManaged: false' where migrations are to look after a table.
import Foundation
import Nuages

// The table has no primary key. Make the field that is one 'primaryKey: true'.
@Model(table: "date", isManaged: false)
struct DateModel {
    // Field renamed to remove unsuitable characters.
    // Field renamed because it ended with '_'.
    @Field(blank: true, column: "quote\" \\() ") var quoteField: Int?
    // Property renamed because Swift or models have another use for the name.
    @Field(blank: true, column: "pk") var pkField: TimeOfDay?
}

@Model(table: "shelf_book", uniqueTogether: [["title", "writer"]], isManaged: false)
struct ShelfBook {
    @Field(maxLength: 13, primaryKey: true) var isbn: String
    var title: String
    @Field(maxDigits: 6, decimalPlaces: 2, blank: true) var price: Decimal?
    @Field(blank: true) var total: Decimal?
    @ForeignKey(onDelete: .doNothing) var writer: ShelfWriter.Reference
    @ForeignKey(onDelete: .databaseSetNull, relatedName: "shelfbook_editor_set", blank: true)
    var editor: ShelfWriter.Reference?
    // Field name made lower case.
    // Field renamed because it contained more than one '_' in a row.
    @Field(blank: true, column: "Made__On") var madeOn: Date?
    // Property renamed because Swift or models have another use for the name.
    @Field(kind: .positiveIntegerField, blank: true, column: "class") var classField: Int?
    // Field renamed because it started with '_'.
    @Field(column: "_order") var fieldOrder: Int
    var data: JSONValue
    @Field(blank: true) var cover: [UInt8]?
    // Field renamed to remove unsuitable characters.
    @Field(column: "in print") var inPrint: Bool
    // Field renamed because it began with a digit.
    @Field(name: "number_2nd", blank: true, column: "2nd") var number2nd: Int16?
    // This type is a guess: the database has 'geometry'.
    @Field(blank: true) var odd: String?
    @OneToOne(onDelete: .doNothing, blank: true) var sequel: ShelfBook.Reference?
}

@Model(table: "shelf_detail", isManaged: false)
struct ShelfDetail {
    // It refers to a row of ShelfBook: '@Parent' makes that a part of this one.
    @Field(maxLength: 13, primaryKey: true) var bookId: String
    @Field(blank: true) var pages: Int64?
    // Property renamed because Swift or models have another use for the name.
    @Field(name: "id", blank: true) var idField: Int?
}

@Model(table: "shelf_loan", compositeKey: ["book_id", "number"], isManaged: false)
struct ShelfLoan {
    @ForeignKey(onDelete: .doNothing, column: "book") var book: ShelfBook.Reference
    @Field(kind: .integerField) var number: Int
    @ForeignKey(onDelete: .doNothing, to: "name", blank: true, column: "writer_name")
    var writerName: FieldReference<ShelfWriter, String>?
    @Field(blank: true) var elsewhereId: Int?
}

@Model(table: "shelf_writer", isManaged: false)
struct ShelfWriter {
    @Field(maxLength: 100, unique: true) var name: String
    @Field(blank: true) var born: CalendarDate?
}
