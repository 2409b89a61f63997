import Foundation
import NuagesCore

@testable import NuagesORM

/// The model `polls.sample` as it was.
@Model(app: "polls", name: "Sample", key: UUID.self, isFrozen: true)
struct OldSample {
    @Field(maxLength: 100) var name: String = "a \"b\""
    var note: String?
    @Field(kind: .slugField, maxLength: 20) var slug: String?
    @Field(kind: .emailField, maxLength: 254) var mail: String?
    @Field(kind: .urlField, maxLength: 200) var home: String?
    var isOpen: Bool = true
    var count: Int = -3
    var small: Int16?
    var big: Int64?
    @Field(kind: .positiveIntegerField) var positive: Int?
    @Field(maxDigits: 5, decimalPlaces: 2) var rate: Decimal?
    var score: Double?
    var born: CalendarDate?
    var starts: TimeOfDay?
    @Field(autoNowAdd: true) var made: Date
    var took: Duration?
    var document: JSONValue?
    var raw: [UInt8]?
    @Field(kind: .genericIPAddressField) var address: String?
    @Field(kind: .fileField, maxLength: 100) var photo: String?
    @Field(name: "class", maxLength: 5) var classField: String?
    @Field(name: "kind_2", maxLength: 5, column: "kind") var kind2: String?
    @Field(
        generated: .expression(
            .operation(.field("count"), "*", .value(.int(2))),
            output: FieldSchema("", .integerField),
            isStored: true
        )
    )
    var twice: DatabaseValue<Int> = .unset
    @ForeignKey(onDelete: .setNull) var question: OldQuestion.Reference?
    var choiceId: Int?
    @ManyToMany var related: RelatedSet<OldQuestion>
}

/// The model `polls.question` as it was.
@Model(app: "polls", name: "Question", isFrozen: true)
struct OldQuestion {
    @Field(maxLength: 200) var questionText: String
    var pubDate: Date
}

/// The model `polls.choice` as it was.
@Model(app: "polls", name: "Choice", isFrozen: true)
struct OldChoice {
    @ForeignKey(onDelete: .cascade) var question: OldQuestion.Reference
    @Field(maxLength: 200) var choiceText: String
    var votes: Int = 0
}

/// The model `polls.list` as it was.
@Model(app: "polls", name: "List", isFrozen: true)
struct OldList {
    var tags: [String] = []
    @Field(base: FieldSchema("", .charField, maxLength: 5)) var codes: [String]?
    @Field(size: 2) var board: [[Int?]] = []
    var days: [Date]?
}
