// Written by makemigrations.

import NuagesCore
import NuagesORM

/// The migrations of the app library.
enum LibraryMigrations {
    static let all: [Migration] = [m0001Initial]
}
