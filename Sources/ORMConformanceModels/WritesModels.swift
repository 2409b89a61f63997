// Written by Scripts/generate-orm-models; change that, or the corpus, and run it again.

import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `Product` of the corpus.
@Model(
    app: "orm",
    constraints: [
        .check(
            name: "price_gt_discounted_price",
            condition: Q("price__gt", .field("discounted_price"))
        ), .check(name: "orm_product_price_gt_0", condition: Q("price__gt", 0)),
        .check(
            name: "unicode_unit_list",
            condition: Q("unit__isnull", true) || Q("unit__in", ["μg/mL", "ng/mL"])
        ),
    ]
)
package struct Product {
    package var price: Int?
    package var discountedPrice: Int?
    @Field(maxLength: 15) package var unit: String?
}

/// `Gadget` of the corpus.
@Model(
    app: "orm",
    indexes: [
        IndexSchema(["sku"], name: "gadget_sku_partial_idx", condition: Q("sku__isnull", false)),
        IndexSchema(
            expressions: [.ordered(.function("Lower", [.field("name")]), isDescending: false)],
            name: "gadget_lower_name_idx"
        ), IndexSchema(["-slot", "shelf"], name: "orm_gadget_slot_9b5ae7_idx"),
    ],
    constraints: [
        .unique(name: "gadget_name_color_uniq", fields: ["name", "color"]),
        .unique(
            name: "gadget_sku_without_color_uniq",
            fields: ["sku"],
            condition: Q("color__isnull", true)
        ),
        .unique(
            name: "gadget_lower_serial_uniq",
            expressions: [.function("Lower", [.field("serial")])]
        ),
        .unique(
            name: "gadget_shelf_slot_uniq",
            fields: ["shelf", "slot"],
            violationErrorCode: "taken",
            violationErrorMessage: "Slot is taken."
        ),
    ]
)
package struct Gadget {
    @Field(maxLength: 50) package var name: String
    @Field(maxLength: 32, blank: true) package var color: String?
    @Field(maxLength: 20, blank: true) package var sku: String?
    @Field(maxLength: 20, blank: true) package var serial: String?
    @Field(maxLength: 20, blank: true) package var shelf: String?
    @Field(blank: true) package var slot: Int?
}

/// `Country` of the corpus.
@Model(
    app: "orm",
    constraints: [.unique(name: "country_name_iso_unique", fields: ["iso_two_letter", "name"])]
)
package struct Country {
    @Field(maxLength: 255) package var name: String
    @Field(maxLength: 2) package var isoTwoLetter: String
    package var description: String
}

/// `State` of the corpus.
@Model(app: "orm")
package struct State {
    @Field(maxLength: 2, primaryKey: true) package var twoLetterCode: String
}

/// `TwoFields` of the corpus.
@Model(app: "orm")
package struct TwoFields {
    @Field(unique: true) package var f1: Int
    @Field(unique: true) package var f2: Int
    @Field(maxLength: 15, column: "oTheRNaMe") package var name: String?
}

/// `UpsertConflict` of the corpus.
@Model(app: "orm")
package struct UpsertConflict {
    @Field(unique: true) package var number: Int
    package var rank: Int
    @Field(maxLength: 15) package var name: String
}

/// `DbDefault` of the corpus.
@Model(app: "orm")
package struct DbDefault {
    @Field(maxLength: 20) package var name: String
    @Field(maxLength: 100, databaseDefault: .text("Default headline")) package var headline:
        DatabaseValue<String> = .unset
    @Field(databaseDefault: .int(5)) package var num: DatabaseValue<Int> = .unset
    @Field(databaseDefault: .int(2)) package var both: DatabaseValue<Int> = 1
    @Field(databaseExpression: .operation(.value(.int(10)), "+", .value(.int(3)))) package
        var computed: DatabaseValue<Int> = .unset
}

/// `DataPoint` of the corpus.
@Model(app: "orm")
package struct DataPoint {
    @Field(maxLength: 20) package var name: String
    @Field(maxLength: 20) package var value: String
    @Field(maxLength: 20, blank: true) package var anotherValue: String
    package var isActive: Bool = true
    @Reverse(\RelatedPoint.data) package var relatedpointSet: RelatedSet<RelatedPoint>
}

/// `RelatedPoint` of the corpus.
@Model(app: "orm")
package struct RelatedPoint {
    @Field(maxLength: 20) package var name: String
    @ForeignKey(onDelete: .cascade) package var data: DataPoint.Reference
}

/// `Validated` of the corpus.
@Model(app: "orm")
package struct Validated {
    @Field(maxLength: 100) package var name: String
    @Field(
        column: "number_val",
        validators: [
            ValidatorSchema("MinValueValidator", ["limit_value": .int(0)]),
            ValidatorSchema("MaxValueValidator", ["limit_value": .int(100)]),
        ]
    ) package var number: Int
    @ForeignKey(onDelete: .setNull, limitChoicesTo: Q("number", 10), blank: true) package
        var parent: Validated.Reference?
    @Field(kind: .emailField, blank: true) package var email: String
    @Field(kind: .urlField, blank: true) package var url: String
    @Field(kind: .slugField, blank: true) package var slug: String
    @Field(
        maxLength: 8,
        blank: true,
        validators: [
            ValidatorSchema(
                "RegexValidator",
                [
                    "regex": .text("^[A-Z]{2}\\d+$"), "code": .text("bad_code"),
                    "message": .text("Bad code."),
                ]
            ), ValidatorSchema("MinLengthValidator", ["limit_value": .int(3)]),
        ]
    ) package var code: String
    @Field(maxDigits: 4, decimalPlaces: 2, blank: true) package var ratio: Decimal?
    @Field(
        blank: true,
        choices: [
            FieldChoice(.int(1), "one"), FieldChoice(.int(2), "two", group: "Group"),
            FieldChoice(.int(3), "three", group: "Group"),
        ]
    ) package var kind: Int?
    @Field(kind: .genericIPAddressField, blank: true) package var ip: String?
    @Field(maxLength: 5, editable: false) package var locked: String = "x"
    @Reverse(\Validated.parent) package var validatedSet: RelatedSet<Validated>
}

/// `UniqueTogether` of the corpus.
@Model(app: "orm", uniqueTogether: [["ifield", "cfield"], ["ifield", "efield"]])
package struct UniqueTogether {
    @Field(maxLength: 100) package var cfield: String
    package var ifield: Int
    @Field(kind: .emailField) package var efield: String
}
