// Written by makemigrations.

import Nuages

/// The migrations of the app gauntlet.
enum GauntletMigrations {
    static let all: [Migration] = [m0001Initial, m0002AlterStoredfileStoredName]
}
