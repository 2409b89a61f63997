// Written by Scripts/generate-orm-models; change that, or the corpus, and run it again.

import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `AllTypes` of the corpus.
@Model(app: "orm")
package struct AllTypes {
    package var boolean: Bool = false
    package var nullBoolean: Bool?
    @Field(maxLength: 60) package var char: String = ""
    @Field(blank: true) package var text: String = ""
    package var smallInteger: Int16?
    package var integer: Int = 0
    package var bigInteger: Int64?
    @Field(kind: .positiveSmallIntegerField) package var positiveSmall: Int?
    @Field(kind: .positiveIntegerField) package var positive: Int?
    @Field(kind: .positiveBigIntegerField) package var positiveBig: Int?
    @Field(column: "float_field") package var float: Double?
    @Field(maxDigits: 20, decimalPlaces: 8, column: "decimal_field") package var decimal: Decimal?
    @Field(column: "date_field") package var date: CalendarDate?
    package var datetime: Date?
    @Field(column: "time_field") package var time: TimeOfDay?
    package var duration: Duration?
    @Field(unique: true) package var uuid: UUID?
    @Field(default: .blob([])) package var binary: [UInt8]
    @Field(blank: true) package var json: JSONValue?
    @Field(kind: .emailField, blank: true) package var email: String = ""
    @Field(kind: .urlField, blank: true) package var url: String = ""
    @Field(kind: .slugField, blank: true) package var slug: String = ""
    @Field(kind: .genericIPAddressField, blank: true) package var ip: String?
    @Field(kind: .genericIPAddressField, blank: true, protocol: "ipv4") package var ipv4: String?
    @Field(kind: .fileField, uploadTo: "files") package var file: String?
}

/// `UuidNode` of the corpus.
@Model(app: "orm", key: UUID.self)
package struct UuidNode {
    @Field(maxLength: 20) package var name: String
    @ForeignKey(onDelete: .cascade, relatedName: "children") package var parent: UuidNode.Reference?
    @Reverse(\UuidNode.parent) package var children: RelatedSet<UuidNode>
}

/// `Generated` of the corpus.
@Model(app: "orm")
package struct Generated {
    package var a: Int
    package var b: Int
    @Field(generated: .stored(.operation(.field("a"), "+", .field("b")), as: .integerField)) package
        var total: DatabaseValue<Int> = .unset
    @Field(maxLength: 10) package var name: String?
    @Field(generated: .stored(.function("Lower", [.field("name")]), as: .charField, maxLength: 10))
    package var lowerName: DatabaseValue<String?> = .unset
    @Field(
        generated: .stored(
            .operation(
                .function("Coalesce", [.field("a"), .value(.int(0))]),
                "-",
                .function(
                    "Coalesce",
                    [.field("b"), .function("Coalesce", [.field("a"), .value(.int(0))])]
                )
            ),
            as: .integerField
        )
    ) package var rebate: DatabaseValue<Int> = .unset
}

/// `JsonDoc` of the corpus.
@Model(app: "orm")
package struct JsonDoc {
    @Field(maxLength: 30) package var name: String
    @Field(blank: true) package var value: JSONValue?
}

/// `CaseModel` of the corpus.
@Model(app: "orm")
package struct CaseModel {
    package var integer: Int
    package var integer2: Int?
    @Field(maxLength: 100) package var string: String = ""
    @ForeignKey(onDelete: .cascade) package var fk: CaseModel.Reference?
    @Reverse(\CaseModel.fk) package var casemodelSet: RelatedSet<CaseModel>
    @Reverse(\CaseO2O.o2o) package var o2oRel: RelatedOne<CaseO2O>
    @Reverse(\CaseFK.fk) package var fkRel: RelatedSet<CaseFK>
}

/// `CaseO2O` of the corpus.
@Model(app: "orm")
package struct CaseO2O {
    @OneToOne(onDelete: .cascade, relatedName: "o2o_rel") package var o2o: CaseModel.Reference
    package var integer: Int
}

/// `CaseFK` of the corpus.
@Model(app: "orm")
package struct CaseFK {
    @ForeignKey(onDelete: .cascade, relatedName: "fk_rel") package var fk: CaseModel.Reference
    package var integer: Int
}

/// `Client` of the corpus.
@Model(app: "orm")
package struct Client {
    @Field(maxLength: 50) package var name: String
    package var registeredOn: CalendarDate
    @Field(
        maxLength: 1,
        choices: [
            FieldChoice(.text("R"), "Regular"), FieldChoice(.text("G"), "Gold"),
            FieldChoice(.text("P"), "Platinum"),
        ]
    ) package var accountType: String = "R"
}
