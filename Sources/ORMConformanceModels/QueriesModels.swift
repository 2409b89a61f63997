// Written by Scripts/generate-orm-models; change that, or the corpus, and run it again.

import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `Tag` of the corpus.
@Model(app: "orm", ordering: ["name"])
package struct Tag {
    @Field(maxLength: 10) package var name: String
    @ForeignKey(onDelete: .setNull, relatedName: "children", blank: true) package var parent:
        Tag.Reference?
    @Reverse(\Tag.parent) package var children: RelatedSet<Tag>
    @Reverse(\Note.tag) package var noteSet: RelatedSet<Note>
    @Reverse(\Annotation.tag) package var annotationSet: RelatedSet<Annotation>
    @Reverse(\Item.tags) package var itemSet: RelatedSet<Item>
}

/// `Note` of the corpus.
@Model(app: "orm", ordering: ["note"])
package struct Note {
    @Field(maxLength: 100) package var note: String
    @Field(maxLength: 25) package var misc: String
    @ForeignKey(onDelete: .setNull, blank: true) package var tag: Tag.Reference?
    package var negate: Bool = true
    @Reverse(\Annotation.notes) package var annotationSet: RelatedSet<Annotation>
    @Reverse(\ExtraInfo.note) package var extrainfoSet: RelatedSet<ExtraInfo>
    @Reverse(\Item.note) package var itemSet: RelatedSet<Item>
}

/// `Annotation` of the corpus.
@Model(app: "orm")
package struct Annotation {
    @Field(maxLength: 10) package var name: String
    @ForeignKey(onDelete: .cascade) package var tag: Tag.Reference
    @ManyToMany package var notes: RelatedSet<Note>
}

/// `ExtraInfo` of the corpus.
@Model(app: "orm", ordering: ["info"])
package struct ExtraInfo {
    @Field(maxLength: 100) package var info: String
    @ForeignKey(onDelete: .cascade) package var note: Note.Reference?
    package var value: Int?
    package var filterable: Bool = true
    @Reverse(\Creator.extra) package var creatorSet: RelatedSet<Creator>
}

/// `Creator` of the corpus.
@Model(app: "orm", ordering: ["name"])
package struct Creator {
    @Field(maxLength: 10) package var name: String
    @Field(unique: true) package var num: Int
    @ForeignKey(onDelete: .cascade) package var extra: ExtraInfo.Reference
    @Reverse(\Item.creator) package var itemSet: RelatedSet<Item>
    @Reverse(\Report.creator) package var reportSet: RelatedSet<Report>
    @Reverse(\Ranking.author) package var rankingSet: RelatedSet<Ranking>
}

/// `Item` of the corpus.
@Model(app: "orm", ordering: ["-note", "name"])
package struct Item {
    @Field(maxLength: 10) package var name: String
    package var created: Date
    @Field(blank: true) package var modified: Date?
    @ManyToMany(blank: true) package var tags: RelatedSet<Tag>
    @ForeignKey(onDelete: .cascade) package var creator: Creator.Reference
    @ForeignKey(onDelete: .cascade) package var note: Note.Reference
    @Reverse(\Cover.item) package var coverSet: RelatedSet<Cover>
}

/// `Report` of the corpus.
@Model(app: "orm")
package struct Report {
    @Field(maxLength: 10) package var name: String
    @ForeignKey(onDelete: .setNull, to: "num") package var creator: FieldReference<Creator, Int>?
}

/// `Ranking` of the corpus.
@Model(app: "orm", ordering: ["author__extra__note", "author__name", "rank"])
package struct Ranking {
    package var rank: Int
    @ForeignKey(onDelete: .cascade) package var author: Creator.Reference
}

/// `Cover` of the corpus.
@Model(app: "orm", ordering: ["item"])
package struct Cover {
    @Field(maxLength: 50) package var title: String
    @ForeignKey(onDelete: .cascade) package var item: Item.Reference
}
