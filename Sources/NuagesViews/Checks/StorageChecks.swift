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

    var messages: [CheckMessage] { folderMessages + addressMessages + aliasMessages }

    private var folderMessages: [CheckMessage] {
        let statics = settings.staticDirectories + [settings.staticRoot].compactMap(\.self)
        let media = storages.aliases.compactMap { alias in
            ((try? storages[alias]) as? FileSystemStorage).map { (alias, $0.root) }
        }
        return media.filter { !$0.0.equalsBytes(Storages.staticFilesAlias) }.flatMap {
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
