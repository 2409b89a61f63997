// Written by makemigrations.

import Nuages

extension NewsroomMigrations {
    /// The migration `0002_cover_size`.
    ///
    /// - Add field cover_height to article
    /// - Add field cover_width to article
    /// - Alter field cover on article
    /// - Alter field slug on article
    static let m0002CoverSize = Migration(
        app: "newsroom",
        name: "0002_cover_size",
        dependencies: [MigrationKey("newsroom", "0001_initial")]
    ) {
        AddField(
            "article",
            FieldSchema("cover_height", .integerField, isNullable: true, isEditable: false)
        )
        AddField(
            "article",
            FieldSchema("cover_width", .integerField, isNullable: true, isEditable: false)
        )
        AlterField(
            "article",
            FieldSchema(
                "cover",
                .imageField,
                maxLength: 100,
                isNullable: true,
                allowsBlank: true,
                verboseName: "cover image",
                customOptions: [
                    "deletes_replaced": .bool(true),
                    "height_field": .text("cover_height"),
                    "upload_to": .text("covers/%Y/%m"),
                    "width_field": .text("cover_width"),
                ]
            )
        )
        AlterField(
            "article",
            FieldSchema(
                "slug",
                .slugField,
                maxLength: 80,
                isUnique: true,
                helpText:
                    "Letters, digits, hyphens and underscores: the last part of the article’s address."
            )
        )
    }
}
