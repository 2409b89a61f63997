import FoundationEssentials
import NuagesCore
import Testing

@testable import NuagesORM

@Suite struct InheritanceTests {
    private func read<M: Model>(_ type: M.Type, _ values: [SQLValue]) throws -> M {
        var row = Row(try ValueRow(values))
        return try M(row: &row)
    }

    @Test func putsTheColumnsOfParentsFirst() {
        let members = ItalianRestaurant.info.members
        #expect(
            members.columns.map(\.column) == [
                "id", "name", "address", "place_ptr_id", "stars", "critic_id", "serves_pizza",
                "restaurant_ptr_id", "serves_gnocchi",
            ]
        )
        #expect(members.columns.map(\.name) == ItalianRestaurant.meta.allFields.map(\.schema.name))
        #expect(
            members.path(toParent: Place.info).map { $0.to.table } == [
                "my_restaurant", "places_place",
            ]
        )
        #expect(
            members.path(fromParent: Place.info).map { $0.to.table } == [
                "my_restaurant", "places_italianrestaurant",
            ]
        )
    }

    @Test func readsAParentsRowWithItsOwn() throws {
        var row = try read(
            ItalianRestaurant.self,
            [
                .int(7), .text("Da Ugo"), .text("Rome"), .int(7), .int(3), .null, .bool(true),
                .int(7), .bool(false),
            ]
        )
        #expect(row.id == 7)
        #expect(row.restaurant.id == 7)
        #expect(row.restaurant.place.id == 7)
        #expect(row.restaurant.name == "Da Ugo")
        #expect(row.restaurant.sign == "Da Ugo, Rome")
        #expect(row.restaurant.stars == 3)
        row.restaurant.name = "Da Pia"
        #expect(row.restaurant.place.name == "Da Pia")
        guard case .string("Da Pia")? = row.contextMember("name") else {
            Issue.record("Templates know the fields of parents")
            return
        }
        row.id = 8
        #expect(row.restaurant.place.id == 8)
    }

    @Test func showsTheRowOfAnotherModelAsAProxy() throws {
        let row = try read(OrderedPlace.self, [.int(1), .text("Forum"), .text("Rome")])
        #expect(row.name == "Forum")
        #expect(OrderedPlace.info.table == "places_place")
        #expect(OrderedPlace.info.members.columns == Place.info.members.columns)
        #expect(OrderedPlace.info.primaryKey === Place.info.primaryKey)
    }

    @Test func namesTheWaysBackForEachModel() {
        ModelRegistry.register([Maker.self, Place.self, Restaurant.self])
        #expect(
            Maker.info.members.member("restaurant_ratings") != nil,
            "%(class)s stands for the model"
        )
        guard
            case .relation(let relation, isReverse: true)? = Place.info.members.member("restaurant")
        else {
            Issue.record("A parent knows its children")
            return
        }
        #expect(relation.isParentLink)
        #expect(Restaurant.info.members.member("restaurant") == nil)
        #expect(Restaurant.info.members.member("bar") != nil, "what leads to the parent leads here")
    }

    @Test func joinsManyRowsThroughATable() {
        guard case .relation(let members, isReverse: false)? = Club.info.members.member("members"),
            case .relation(let friends, isReverse: false)? = Person.info.members.member("friends")
        else {
            Issue.record("The relations are missing")
            return
        }
        #expect(members.steps.map { $0.to.table } == ["places_membership", "places_human"])
        #expect(members.steps.map(\.isMany) == [true, false])
        #expect(members.throughTarget?.name == "person")
        #expect(friends.isHidden)
        #expect(friends.queryName == "friends_rel_+")
        #expect(friends.through?.table == "places_human_friends")
        #expect(friends.throughSource?.field?.column == "from_human_id")
    }

    @Test func knowsKeysOfSeveralColumns() throws {
        let comment = try read(
            TenantComment.self,
            [.int(1), .int(7), .int(3)]
        )
        #expect(comment.id == PrimaryKey(TenantComment.Key(tenant: Maker.ID(1), number: 7)))
        #expect(comment.id.description == "(1, 7)")
        #expect(comment.id.sqlValue == .json(.array([.int(1), .int(7)])))
        guard case .composite(let key)? = TenantComment.info.members.member("pk"),
            case .relation(let user, isReverse: false)? = TenantComment.info.members.member("user")
        else {
            Issue.record("The key or the reference is missing")
            return
        }
        #expect(key.map(\.column) == ["tenant_id", "comment_id"])
        #expect(user.pairs.map { $0.from.column } == ["tenant_id", "user_id"])
        #expect(user.pairs.map { $0.to.column } == ["tenant_id", "id"])
    }

    @Test func refersByAnotherField() throws {
        let report = try read(Report.self, [.int(1), .text("a"), .int(1001)])
        #expect(report.maker == FieldReference(1001, \.num))
        #expect(Report.info.members.member("maker") != nil)
        guard case .relation(let relation, _)? = Report.info.members.member("maker_id") else {
            Issue.record("The relation is missing")
            return
        }
        #expect(relation.pairs.map { $0.to.column } == ["num"])
    }

    @Test func keepsTheOrderOfRowsInAColumn() throws {
        #expect(Answer.info.fields.map(\.column) == ["id", "text", "question_id", "_order"])
        let answer = try read(Answer.self, [.int(1), .text("a"), .int(2), .int(5)])
        #expect(answer._order == 5)
    }
}

@Suite struct ModelDraftTests {
    @Test func fillsInDefaults() throws {
        var draft = ModelDraft<Computed>()
        try draft.set("a", to: .text("3"))
        try draft.set("day", to: .text("2026-01-02"))
        let row = try draft.model()
        #expect(row.id == .unsaved)
        #expect(row.a == 3)
        #expect(row.next == .unset)
        #expect(row.headline == .unset)
        #expect(row.both == 1)
        #expect(row.code == "abc")
    }

    @Test func reachesTheFieldsOfParents() throws {
        let draft = try ModelDraft<ItalianRestaurant>([
            ("name", .text("Da Ugo")), ("serves_pizza", .bool(true)), ("pk", .int(4)),
        ])
        let row = try draft.model()
        #expect(row.restaurant.place.name == "Da Ugo")
        #expect(row.restaurant.place.address == "")
        #expect(row.restaurant.servesPizza)
        #expect(row.id == 4)
        #expect(row.servesGnocchi)
    }

    @Test func setsKeysOfSeveralColumns() throws {
        var draft = ModelDraft<TenantUser>()
        try draft.set("pk", to: .json(.array([.int(1), .int(2)])))
        let user = try draft.model()
        #expect(user.number == 2)
        #expect(user.tenant.id == 1)
        #expect(throws: FieldError.self) {
            try draft.set("pk", to: .json(.array([.int(1)])))
        }
    }

    @Test func saysWhatIsMissingOrWrong() throws {
        #expect(throws: ModelError.missingValue(model: "Choice", field: "question")) {
            try ModelDraft<Choice>().model()
        }
        #expect(throws: FieldError.invalidValue(field: "a", expected: "IntegerField")) {
            try ModelDraft<Computed>([("a", .text("three"))]).model()
        }
        #expect(throws: FieldError.self) { try ModelDraft<Choice>([("nothing", .int(1))]) }
    }
}
