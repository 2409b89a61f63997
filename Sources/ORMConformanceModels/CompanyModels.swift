// Written by Scripts/generate-orm-models; change that, or the corpus, and run it again.

import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `Executive` of the corpus.
@Model(app: "orm")
package struct Executive {
    @Field(maxLength: 50) package var firstname: String
    @Field(maxLength: 50) package var lastname: String
    @Field(blank: true) package var salary: Int?
    @ForeignKey(onDelete: .cascade, relatedName: "reports_to_me") package var manager:
        Executive.Reference?
    @Reverse(\Executive.manager) package var reportsToMe: RelatedSet<Executive>
    @Reverse(\Company.ceo) package var companyCeoSet: RelatedSet<Company>
    @Reverse(\Company.pointOfContact) package var companyPointOfContactSet: RelatedSet<Company>
}

/// `Company` of the corpus.
@Model(app: "orm")
package struct Company {
    @Field(maxLength: 100) package var name: String
    @Field(kind: .positiveIntegerField) package var numEmployees: Int
    @Field(kind: .positiveIntegerField) package var numChairs: Int
    @ForeignKey(onDelete: .cascade, relatedName: "company_ceo_set") package var ceo:
        Executive.Reference
    @ForeignKey(onDelete: .setNull, relatedName: "company_point_of_contact_set") package
        var pointOfContact: Executive.Reference?
    package var basedInEu: Bool = false
    @Field(maxLength: 200, blank: true) package var motto: String?
    @Field(maxLength: 10, blank: true) package var tickerName: String?
}

/// `Employee` of the corpus.
@Model(app: "orm", latestBy: ["hire_date", "name"])
package struct Employee {
    @Field(maxLength: 40) package var name: String
    @Field(kind: .positiveIntegerField) package var salary: Int
    @Field(maxLength: 40) package var department: String
    package var hireDate: CalendarDate
    package var age: Int
    @Field(maxDigits: 15, decimalPlaces: 2) package var bonus: Decimal?
}

/// `Experiment` of the corpus.
@Model(app: "orm", table: "orm_ExPeRiMeNt", ordering: ["name"])
package struct Experiment {
    @Field(maxLength: 24) package var name: String
    package var assigned: CalendarDate
    package var completed: CalendarDate?
    package var estimatedTime: Duration?
    package var start: Date
    package var end: Date?
    package var startTime: TimeOfDay?
    package var scalar: Int?
}

/// `Numeric` of the corpus.
@Model(app: "orm")
package struct Numeric {
    @Field(maxLength: 20) package var label: String
    @Field(column: "the_integer") package var big: Int64?
    package var normal: Int?
    package var small: Int16?
    @Field(column: "the_float") package var f1: Double?
    package var f2: Double?
    @Field(maxDigits: 6, decimalPlaces: 2) package var n1: Decimal?
    @Field(maxDigits: 20, decimalPlaces: 7) package var n2: Decimal?
}
