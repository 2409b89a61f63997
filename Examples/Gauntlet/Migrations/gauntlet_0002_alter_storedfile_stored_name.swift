// Written by makemigrations.

import Nuages

extension GauntletMigrations {
    /// The migration `0002_alter_storedfile_stored_name`.
    ///
    /// - Alter field stored_name on storedfile
    static let m0002AlterStoredfileStoredName = Migration(
        app: "gauntlet",
        name: "0002_alter_storedfile_stored_name",
        dependencies: [MigrationKey("gauntlet", "0001_initial")]
    ) {
        AlterField(
            "storedfile",
            FieldSchema("stored_name", .fileField, maxLength: 100, isUnique: true)
        )
    }
}
