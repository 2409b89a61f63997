import Nuages

/// A row of TechEmpower's table of random numbers.
@Model(app: "bench", table: "world", isManaged: false)
struct World {
    @Field(column: "randomnumber") var randomNumber: Int
}

/// A row of TechEmpower's table of fortune cookies.
@Model(app: "bench", table: "fortune", isManaged: false)
struct Fortune {
    @Field(maxLength: 2048) var message: String
}
