// Written by Scripts/generate-orm-models; change that, or the corpus, and run it again.

import NuagesCore
import NuagesORM

/// `Tenant` of the corpus.
@Model(app: "orm")
package struct Tenant {
    @Field(maxLength: 10, blank: true) package var name: String = ""
    @Reverse(\TenantUser.tenant) package var tenantuserSet: RelatedSet<TenantUser>
    @Reverse(\TenantComment.tenant) package var comments: RelatedSet<TenantComment>
}

/// `TenantUser` of the corpus.
@Model(app: "orm", compositeKey: ["tenant_id", "id"])
package struct TenantUser {
    @ForeignKey(onDelete: .cascade) package var tenant: Tenant.Reference
    @Field(kind: .emailField, unique: true) package var email: String
    @Field(name: "id") package var number: Int16
    @Reverse(\TenantComment.user) package var comments: RelatedSet<TenantComment>
}

/// `TenantComment` of the corpus.
@Model(app: "orm", compositeKey: ["tenant_id", "id"])
package struct TenantComment {
    @ForeignKey(onDelete: .cascade, relatedName: "comments") package var tenant: Tenant.Reference
    @Field(name: "id", column: "comment_id") package var number: Int16
    package var userId: Int16?
    @ForeignObject(
        from: ["tenant_id", "user_id"],
        to: ["tenant_id", "id"],
        onDelete: .cascade,
        isNullable: true,
        relatedName: "comments"
    ) package var user: RelatedOne<TenantUser>
    @Field(blank: true) package var text: String = ""
    package var integer: Int = 0
}
