/// Placeholder text.
///
/// Django: `django.utils.lorem_ipsum`; the words are those of Cicero's text as printers use it.
enum LoremIpsum {
    private static let paragraph = """
        Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor \
        incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis \
        nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. \
        Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu \
        fugiat nulla pariatur. Excepteur sint occaecat cupidatat non proident, sunt in \
        culpa qui officia deserunt mollit anim id est laborum.
        """

    private static let commonWords = """
        lorem ipsum dolor sit amet consectetur adipisicing elit sed do eiusmod tempor \
        incididunt ut labore et dolore magna aliqua
        """.split(separator: " ").map(String.init)

    private static let words = """
        exercitationem perferendis perspiciatis laborum eveniet sunt iure nam nobis eum \
        cum officiis excepturi odio consectetur quasi aut quisquam vel eligendi itaque \
        non odit tempore quaerat dignissimos facilis neque nihil expedita vitae vero \
        ipsum nisi animi cumque pariatur velit modi natus iusto eaque sequi illo sed ex \
        et voluptatibus tempora veritatis ratione assumenda incidunt nostrum placeat \
        aliquid fuga provident praesentium rem necessitatibus suscipit adipisci quidem \
        possimus voluptas debitis sint accusantium unde sapiente voluptate qui \
        aspernatur laudantium soluta amet quo aliquam saepe culpa libero ipsa dicta \
        reiciendis nesciunt doloribus autem impedit minima maiores repudiandae ipsam \
        obcaecati ullam enim totam delectus ducimus quis voluptates dolores molestiae \
        harum dolorem quia voluptatem molestias magni distinctio omnis illum dolorum \
        voluptatum ea quas quam corporis quae blanditiis atque deserunt laboriosam earum \
        consequuntur hic cupiditate quibusdam accusamus ut rerum error minus eius ab ad \
        nemo fugit officia at in id quos reprehenderit numquam iste fugiat sit inventore \
        beatae repellendus magnam recusandae quod explicabo doloremque aperiam \
        consequatur asperiores commodi optio dolor labore temporibus repellat veniam \
        architecto est esse mollitia nulla a similique eos alias dolore tenetur deleniti \
        porro facere maxime corrupti
        """.split(separator: " ").map(String.init)

    /// Words; common text begins with the usual ones.
    static func words(_ count: Int, isCommon: Bool) -> String {
        var output = isCommon ? Array(commonWords.prefix(count)) : []
        while output.count < count {
            output += words.shuffled().prefix(count - output.count)
        }
        return output.joined(separator: " ")
    }

    /// A paragraph; the first of common text is the usual one.
    static func paragraph(isFirst: Bool, isCommon: Bool) -> String {
        if isFirst, isCommon { return paragraph }
        return (0..<Int.random(in: 1...4)).map { _ in sentence() }.joined(separator: " ")
    }

    private static func sentence() -> String {
        let sections = (0..<Int.random(in: 1...5)).map { _ in
            sample(Int.random(in: 3...12)).joined(separator: " ")
        }
        let text = sections.joined(separator: ", ")
        return text.prefix(1).uppercased() + text.dropFirst() + (Bool.random() ? "?" : ".")
    }

    /// So many different words.
    private static func sample(_ count: Int) -> ArraySlice<String> {
        var words = words
        for index in 0..<min(count, words.count) {
            words.swapAt(index, Int.random(in: index..<words.count))
        }
        return words.prefix(count)
    }
}
