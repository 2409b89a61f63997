// Written by makemigrations.

import Nuages

/// The migrations of the app polls.
enum PollsMigrations {
    static let all: [Migration] = [m0001Initial]
}
