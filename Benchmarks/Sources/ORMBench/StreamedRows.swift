import FoundationEssentials
import Nuages

/// Reads a million rows one by one, and looks at the memory of the process on the way.
enum StreamedRows {
    static func measure() async throws {
        guard let author = try await Author.objects.first()?.id else { return }
        for part in 0..<100 {
            let books = (0..<10_000).map { Book.number(part * 10_000 + $0, by: author) }
            _ = try await Book.objects.bulkCreate(books)
        }
        var count = 0
        for try await book in try Book.objects.iterator() {
            count += 1
            if count.isMultiple(of: 100_000) {
                print("\(count) rows, \(residentKilobytes()) kB, \(book.pages)")
            }
        }
    }

    /// What `/proc` says of the memory in use; 0 where there is none.
    private static func residentKilobytes() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
            return 0
        }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * 4
    }
}
