// Written by Scripts/generate-orm-models; change that, or the corpus, and run it again.

import NuagesCore
import NuagesORM

/// `R` of the corpus.
@Model(app: "orm")
package struct R {
    package var isDefault: Bool = false
    @Reverse(\RChild.r) package var rchild: RelatedOne<RChild>
    @Reverse(\S.r) package var sSet: RelatedSet<S>
    @Reverse(\A.auto) package var autoSet: RelatedSet<A>
    @Reverse(\A.setvalue) package var setvalue: RelatedSet<A>
    @Reverse(\A.setnull) package var setnullSet: RelatedSet<A>
    @Reverse(\A.setdefault) package var setdefaultSet: RelatedSet<A>
    @Reverse(\A.setdefaultNone) package var setnullNullableSet: RelatedSet<A>
    @Reverse(\A.protect) package var protectSet: RelatedSet<A>
    @Reverse(\A.restrict) package var restrictSet: RelatedSet<A>
    @Reverse(\A.donothing) package var donothingSet: RelatedSet<A>
    @Reverse(\A.o2oSetnull) package var o2oNullableSet: RelatedOne<A>
    @Reverse(\MM.m2m) package var mSet: RelatedSet<MM>
}

/// `RChild` of the corpus.
@Model(app: "orm")
@dynamicMemberLookup
package struct RChild {
    @Parent package var r: R
    @Reverse(\A.child) package var child: RelatedSet<A>
    @Reverse(\A.childSetnull) package var childSetnull: RelatedSet<A>
}

/// `S` of the corpus.
@Model(app: "orm")
package struct S {
    @ForeignKey(onDelete: .cascade) package var r: R.Reference
    @Reverse(\T.s) package var tSet: RelatedSet<T>
}

/// `T` of the corpus.
@Model(app: "orm")
package struct T {
    @ForeignKey(onDelete: .cascade) package var s: S.Reference
}

/// `A` of the corpus.
@Model(app: "orm")
package struct A {
    @Field(maxLength: 30) package var name: String
    @ForeignKey(onDelete: .cascade, relatedName: "auto_set") package var auto: R.Reference?
    @ForeignKey(onDelete: .setValue, deleteValue: .int(1), relatedName: "setvalue") package
        var setvalue: R.Reference?
    @ForeignKey(onDelete: .setNull, relatedName: "setnull_set") package var setnull: R.Reference?
    @ForeignKey(onDelete: .setDefault, relatedName: "setdefault_set", default: .int(1)) package
        var setdefault: R.Reference?
    @ForeignKey(onDelete: .setDefault, relatedName: "setnull_nullable_set", default: .null) package
        var setdefaultNone: R.Reference?
    @ForeignKey(onDelete: .protect, relatedName: "protect_set") package var protect: R.Reference?
    @ForeignKey(onDelete: .restrict, relatedName: "restrict_set") package var restrict: R.Reference?
    @ForeignKey(onDelete: .doNothing, relatedName: "donothing_set") package var donothing:
        R.Reference?
    @ForeignKey(onDelete: .cascade, relatedName: "child") package var child: RChild.Reference?
    @ForeignKey(onDelete: .setNull, relatedName: "child_setnull") package var childSetnull:
        RChild.Reference?
    @OneToOne(onDelete: .setNull, relatedName: "o2o_nullable_set") package var o2oSetnull:
        R.Reference?
}

/// `MM` of the corpus.
@Model(app: "orm")
package struct MM {
    @ManyToMany(relatedName: "m_set") package var m2m: RelatedSet<R>
}

/// `DeleteTop` of the corpus.
@Model(app: "orm")
package struct DeleteTop {
    @Reverse(\B1.deleteTop) package var b1Set: RelatedSet<B1>
    @Reverse(\B2.deleteTop) package var b2Set: RelatedSet<B2>
}

/// `B1` of the corpus.
@Model(app: "orm")
package struct B1 {
    @ForeignKey(onDelete: .cascade) package var deleteTop: DeleteTop.Reference
    @Reverse(\DeleteBottom.b1) package var deletebottomSet: RelatedSet<DeleteBottom>
}

/// `B2` of the corpus.
@Model(app: "orm")
package struct B2 {
    @ForeignKey(onDelete: .cascade) package var deleteTop: DeleteTop.Reference
    @Reverse(\DeleteBottom.b2) package var deletebottomSet: RelatedSet<DeleteBottom>
}

/// `DeleteBottom` of the corpus.
@Model(app: "orm")
package struct DeleteBottom {
    @ForeignKey(onDelete: .restrict) package var b1: B1.Reference
    @ForeignKey(onDelete: .cascade) package var b2: B2.Reference
}

/// `DbParent` of the corpus.
@Model(app: "orm")
package struct DbParent {
    @Field(maxLength: 30) package var name: String
    @Reverse(\DbChild.dbCascade) package var dbCascadeSet: RelatedSet<DbChild>
    @Reverse(\DbChild.dbSetnull) package var dbSetnullSet: RelatedSet<DbChild>
}

/// `DbChild` of the corpus.
@Model(app: "orm")
package struct DbChild {
    @Field(maxLength: 30) package var name: String
    @ForeignKey(onDelete: .databaseCascade, relatedName: "db_cascade_set") package var dbCascade:
        DbParent.Reference?
    @ForeignKey(onDelete: .databaseSetNull, relatedName: "db_setnull_set") package var dbSetnull:
        DbParent.Reference?
}
