import NuagesCore
import NuagesFiles
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Looks for visitors' files in places where they would be served as the site's own.
struct StorageChecks {
    let settings: Settings
    let storages: Storages
    let models: [any Model.Type]
    /// The aliases of the storages that routes serve.
    let served: [String]

    var messages: [CheckMessage] {
        folderMessages + rootMessages + addressMessages + aliasMessages + servedMessages
    }

    private var folders: [(alias: String, root: String)] {
        storages.aliases.compactMap { alias in
            ((try? storages[alias]) as? FileSystemStorage).map { (alias, $0.root) }
        }
    }

    /// Folders that files cannot be kept in: what is there is no folder, cannot be written, or
    /// stands where no folder can be made.
    private var rootMessages: [CheckMessage] {
        folders.compactMap { alias, root in
            guard !alias.equalsBytes(Storages.staticFilesAlias),
                let problem = Self.problem(with: root)
            else { return nil }
            return CheckMessage(
                .warning,
                id: "files.W001",
                "The storage '\(alias)' keeps files in '\(root)', \(problem).",
                hint: "Name a folder that this program can write; it is made when the first file "
                    + "is kept.",
                object: "MEDIA_ROOT"
            )
        }
    }

    /// What keeps a folder from being used or made; nil for nothing.
    private static func problem(with root: String) -> String? {
        let (manager, path) = (FileManager.default, resolved(root))
        var found = path
        while !manager.fileExists(atPath: found), found.utf8.count > 1 { found = parent(of: found) }
        guard manager.isDirectory(found) else {
            return found.equalsBytes(path) ? "which is no folder" : "but '\(found)' is no folder"
        }
        // Root may write everywhere, and all the same no folder can be made by the kernel's side.
        let isKernels = ["/proc/", "/sys/"].contains { (found + "/").utf8.starts(with: $0.utf8) }
        guard isKernels || !manager.isWritableFile(atPath: found) else { return nil }
        return "but nothing can be kept in '\(found)'"
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: 0x2F), slash != path.utf8.startIndex else {
            return "/"
        }
        return String(Substring(path.utf8[..<slash]))
    }

    /// Storages whose files have no address, though a route serves them.
    private var servedMessages: [CheckMessage] {
        served.compactMap { alias in
            guard let storage = try? storages[alias] else { return nil }
            do {
                _ = try storage.url("name")
                return nil
            } catch StorageError.noURL {
                return CheckMessage(
                    .warning,
                    id: "files.W002",
                    "mediaRoutes serves the storage '\(alias)', whose files have no addresses.",
                    hint: "Set MEDIA_URL, or the baseURL of the storage, to the path of "
                        + "mediaRoutes, such as '/media/'.",
                    object: "MEDIA_URL"
                )
            } catch {
                return nil
            }
        }
    }

    private var folderMessages: [CheckMessage] {
        let statics = settings.staticDirectories + [settings.staticRoot].compactMap(\.self)
        return folders.filter { !$0.alias.equalsBytes(Storages.staticFilesAlias) }.flatMap {
            alias,
            root in
            statics.filter { Self.overlap(root, $0) }.map { folder in
                CheckMessage(
                    .error,
                    id: "files.E001",
                    "The storage '\(alias)' keeps visitors' files in '\(root)', and static files "
                        + "are served from '\(folder)': one of them is within the other.",
                    hint: "Keep visitors' files in a folder of their own, outside of the static "
                        + "files and of the program.",
                    object: "MEDIA_ROOT"
                )
            }
        }
    }

    /// Django's `check` does not look; `runserver` refuses only equal ones.
    private var addressMessages: [CheckMessage] {
        let (media, statics) = (settings.mediaURL, settings.staticURL)
        guard !media.isEmpty, !statics.isEmpty,
            media.utf8.starts(with: statics.utf8) || statics.utf8.starts(with: media.utf8)
        else { return [] }
        return [
            CheckMessage(
                .error,
                id: "files.E002",
                "MEDIA_URL '\(media)' and STATIC_URL '\(statics)' begin with one another.",
                hint: "Give each of them a path of its own, such as 'media/' and 'static/'.",
                object: "MEDIA_URL"
            )
        ]
    }

    /// Fields whose storage the site does not have.
    private var aliasMessages: [CheckMessage] {
        models.flatMap { model in
            model.schema.fields.compactMap { field in
                guard field.type == .fileField || field.type == .imageField,
                    case .text(let alias)? = field.customOptions["storage"],
                    !storages.aliases.contains(alias)
                else { return nil }
                return CheckMessage(
                    .error,
                    id: "files.E003",
                    "No storage is called '\(alias)'.",
                    hint: "Choices are: \(storages.aliases.joined(separator: ", ")).",
                    object: "\(model.schema.app).\(model.schema.name).\(field.name)"
                )
            }
        }
    }

    /// Whether a folder is the other one, or in it.
    private static func overlap(_ left: String, _ right: String) -> Bool {
        let (left, right) = (resolved(left), resolved(right))
        return (left + "/").utf8.starts(with: (right + "/").utf8)
            || (right + "/").utf8.starts(with: (left + "/").utf8)
    }

    /// The path with its links followed, as far as it is there.
    private static func resolved(_ path: String) -> String {
        let full = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        return full.utf8.count > 1 && full.utf8.last == 0x2F ? String(full.dropLast()) : full
    }
}
