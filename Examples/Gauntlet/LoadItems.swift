import Nuages

/// Fills an empty site with items to search for.
struct LoadItems: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "loaditems",
        abstract: "Loads 120 items into an empty site."
    )

    private static let colours = ["red", "green", "blue", "white"]
    private static let nouns = ["lamp", "chair", "table", "kettle", "clock", "<b>shelf</b>"]

    func run() async throws {
        guard try await !Item.objects.exists() else {
            print("There are items already; nothing was loaded.")
            return
        }
        let items = (1...120).map { number in
            let colour = Self.colours[number % Self.colours.count]
            let noun = Self.nouns[number % Self.nouns.count]
            return Item(
                title: "\(colour) \(noun) \(number)",
                colour: colour,
                price: number * 7 % 100
            )
        }
        _ = try await Item.objects.bulkCreate(items)
        print("Loaded \(items.count) items.")
    }
}
