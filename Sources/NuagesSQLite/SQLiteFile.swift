#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What to say of a database file that cannot be opened.
enum SQLiteFile {
    /// Where a path leads that is taken from the working directory, and whether its folder is there;
    /// empty where neither explains anything.
    static func hint(_ path: String) -> String {
        guard !path.isEmpty, path != ":memory:" else { return "" }
        var hint = ""
        if path.utf8.first != UInt8(ascii: "/") {
            let folder = FileManager.default.currentDirectoryPath
            hint +=
                " The path is relative to '\(folder)'; an absolute path needs four slashes in a "
                + "URL: 'sqlite:////\(path)'."
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        if !FileManager.default.fileExists(atPath: folder) {
            hint += " There is no folder '\(folder)'."
        }
        return hint
    }
}
