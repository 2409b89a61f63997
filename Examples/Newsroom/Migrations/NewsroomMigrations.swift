// Written by makemigrations.

import Nuages

/// The migrations of the app newsroom.
enum NewsroomMigrations {
    static let all: [Migration] = [m0001Initial, m0002CoverSize]
}
