// Written by Scripts/generate-orm-models; change that, or the corpus, and run it again.

import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `Person` of the corpus.
@Model(app: "orm")
package struct Person {
    @Field(maxLength: 128) package var name: String
    @ManyToMany package var friends: RelatedSet<Person>
    @ManyToMany(symmetrical: false, relatedName: "stalkers") package var idols: RelatedSet<Person>
    @Reverse(\Person.idols) package var stalkers: RelatedSet<Person>
    @Reverse(\Group.members) package var groupSet: RelatedSet<Group>
    @Reverse(\Membership.person) package var membershipSet: RelatedSet<Membership>
    @Reverse(\Membership.inviter) package var invitationsSent: RelatedSet<Membership>
}

/// `OrderedPerson` of the corpus.
@Model(app: "orm", proxy: true, ordering: ["name"])
@dynamicMemberLookup
package struct OrderedPerson {
    @Parent package var person: Person
}

/// `Group` of the corpus.
@Model(app: "orm", ordering: ["name"])
package struct Group {
    @Field(maxLength: 128) package var name: String
    @ManyToMany(through: Membership.self, throughFields: ["group", "person"]) package var members:
        RelatedSet<Person>
    @Reverse(\Membership.group) package var membershipSet: RelatedSet<Membership>
}

/// `Membership` of the corpus.
@Model(
    app: "orm",
    ordering: ["date_joined", "invite_reason", "group"],
    uniqueTogether: [["person", "group"]]
)
package struct Membership {
    @ForeignKey(onDelete: .cascade) package var person: Person.Reference
    @ForeignKey(onDelete: .cascade) package var group: Group.Reference
    @ForeignKey(onDelete: .setNull, relatedName: "invitations_sent") package var inviter:
        Person.Reference?
    @Field(default: .dateTime(Date(timeIntervalSince1970: 1_577_836_800))) package var dateJoined:
        Date
    @Field(maxLength: 64) package var inviteReason: String?
}

/// `Question` of the corpus.
@Model(app: "orm")
package struct Question {
    @Field(maxLength: 200) package var text: String
    @Reverse(\Answer.question) package var answerSet: RelatedSet<Answer>
}

/// `Answer` of the corpus.
@Model(app: "orm", orderWithRespectTo: "question")
package struct Answer {
    @Field(maxLength: 200) package var text: String
    @ForeignKey(onDelete: .cascade) package var question: Question.Reference
}

/// `Poll` of the corpus.
@Model(app: "orm")
package struct Poll {
    @Field(maxLength: 200) package var question: String
    @Reverse(\Choice.poll) package var choiceSet: RelatedSet<Choice>
}

/// `Choice` of the corpus.
@Model(app: "orm")
package struct Choice {
    @ForeignKey(onDelete: .cascade) package var poll: Poll.Reference
    @Field(maxLength: 200) package var choice: String?
}

/// `OrderedByExpression` of the corpus.
@Model(app: "orm", ordering: [.expression(.function("Lower", [.field("name")]))])
package struct OrderedByExpression {
    @Field(maxLength: 30) package var name: String
    @Reverse(\OrderedByExpressionChild.parent) package var orderedbyexpressionchildSet:
        RelatedSet<OrderedByExpressionChild>
}

/// `OrderedByExpressionChild` of the corpus.
@Model(app: "orm", ordering: ["parent"])
package struct OrderedByExpressionChild {
    @ForeignKey(onDelete: .cascade) package var parent: OrderedByExpression.Reference
}
