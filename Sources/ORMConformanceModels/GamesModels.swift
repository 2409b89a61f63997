// Written by Scripts/generate-orm-models; change that, or the corpus, and run it again.

import NuagesCore
import NuagesORM

/// `Season` of the corpus.
@Model(app: "orm", constraints: [.unique(name: "season_year_unique", fields: ["year"])])
package struct Season {
    @Field(kind: .positiveSmallIntegerField) package var year: Int
    @Field(blank: true) package var gt: Int?
    @Reverse(\Game.season) package var games: RelatedSet<Game>
}

/// `Game` of the corpus.
@Model(app: "orm")
package struct Game {
    @ForeignKey(onDelete: .cascade, relatedName: "games") package var season: Season.Reference
    @Field(maxLength: 100) package var home: String
    @Field(maxLength: 100) package var away: String
    @Reverse(\Player.games) package var players: RelatedSet<Player>
}

/// `Player` of the corpus.
@Model(app: "orm")
package struct Player {
    @Field(maxLength: 100) package var name: String
    @ManyToMany(relatedName: "players") package var games: RelatedSet<Game>
}
