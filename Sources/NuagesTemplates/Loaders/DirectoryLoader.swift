import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Templates in directories, the first that has a name wins.
///
/// No name leaves the directories: not by `..`, not by an absolute path, not by a NUL byte, and not
/// by a symbolic link that points outside.
///
/// Django: `django.template.loaders.filesystem.Loader`.
public struct DirectoryLoader: TemplateLoader {
    private let directories: [String]
    private static let sizeLimit = 16 * 1024 * 1024

    /// Directories.
    ///
    /// - Parameter directories: paths in the order in which to look.
    public init(_ directories: [String]) {
        self.directories = directories.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    /// The file of that name in each directory.
    ///
    /// - Parameter name: the template's name.
    /// - Returns: the paths; none for a name that would leave the directories.
    public func origins(of name: String) -> [TemplateOrigin] {
        guard Self.isInside(name) else { return [] }
        return directories.map { TemplateOrigin(path: "\($0)/\(name)", templateName: name) }
    }

    private static func isInside(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 1024, !name.utf8.contains(0),
            name.utf8.first != UInt8(ascii: "/")
        else { return false }
        return name.splitBytes(UInt8(ascii: "/")).allSatisfy { $0 != ".." && $0 != "." }
    }

    /// The contents of the file.
    ///
    /// - Parameter origin: the file.
    /// - Returns: the source; nil where there is no such file.
    /// - Throws: ``TemplateError`` for a file that is too long or not UTF-8.
    public func source(of origin: TemplateOrigin) throws -> String? {
        guard let version = version(of: origin) else { return nil }
        guard version.size <= Self.sizeLimit else {
            throw TemplateError.syntax(
                "\(origin.path) is longer than \(Self.sizeLimit) bytes, which is no template."
            )
        }
        guard let data = FileManager.default.contents(atPath: origin.path) else { return nil }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw TemplateError.syntax("\(origin.path) is not UTF-8. Save it as UTF-8.")
        }
        return text
    }

    /// When the file was changed, and its size.
    ///
    /// - Parameter origin: the file.
    /// - Returns: the version; nil where there is no such file inside the directories.
    public func version(of origin: TemplateOrigin) -> TemplateVersion? {
        var status = stat()
        guard stat(origin.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            staysInside(origin)
        else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        return TemplateVersion(
            modified: Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec),
            size: Int(status.st_size)
        )
    }

    /// Whether the file, with all links followed, is in the directory in which it was looked for.
    private func staysInside(_ origin: TemplateOrigin) -> Bool {
        guard let name = origin.templateName, let file = Self.resolved(origin.path) else {
            return false
        }
        let directory = String(decoding: origin.path.utf8.dropLast(name.utf8.count), as: UTF8.self)
        guard let root = Self.resolved(directory) else { return false }
        return file.utf8.starts(with: (root == "/" ? root : "\(root)/").utf8)
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The files in the directories.
    ///
    /// - Returns: the names, sorted.
    public func allNames() -> [String] {
        var names: Set<String> = []
        for directory in directories {
            let found = (try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? []
            for name in found where !name.hasPrefix(".") && !name.containsBytes("/.") {
                let origin = TemplateOrigin(path: "\(directory)/\(name)", templateName: name)
                if version(of: origin) != nil { names.insert(name) }
            }
        }
        return names.sorted()
    }
}
