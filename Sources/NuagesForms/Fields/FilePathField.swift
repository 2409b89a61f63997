public import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The path of one of the files of a folder.
///
///     FilePathField(path: "/srv/reports", match: "\\.pdf$", recursive: true)
///
/// The folder is read once, when the field is made. Links that lead out of it are not offered, nor
/// is what lies behind a link to a folder.
public struct FilePathField: ChoosingField {
    /// The type of the cleaned value.
    public typealias Value = String

    /// What every field has.
    public var options = FieldOptions()
    private var offered: FormChoices

    /// The path of one of the files of a folder.
    ///
    /// - Parameters:
    ///   - path: the folder; one that cannot be read offers nothing.
    ///   - match: a pattern that is found in the names that are offered; nil offers all.
    ///   - recursive: whether files in folders below are offered, too.
    ///   - allowFiles: whether files are offered.
    ///   - allowFolders: whether folders are offered.
    public init(
        path: String,
        match: String? = nil,
        recursive: Bool = false,
        allowFiles: Bool = true,
        allowFolders: Bool = false
    ) {
        let scan = FolderScan(
            root: path,
            pattern: match.map { RegexValidator($0) },
            isRecursive: recursive,
            takesFiles: allowFiles,
            takesFolders: allowFolders
        )
        offered = FormChoices(items: scan.choices().map(FormChoices.Item.choice))
    }

    /// The paths, behind an empty choice where the field may stay empty.
    public var choices: FormChoices {
        get {
            if options.isRequired { return offered }
            return FormChoices(items: [.choice(FormChoice("", "---------"))] + offered.items)
        }
        set { offered = newValue }
    }

    private var choice: ChoiceField<String> {
        var field = ChoiceField<String>(choices: choices)
        field.options = options
        return field
    }

    /// A list.
    public var defaultWidget: any Widget { Select() }

    /// The messages of choices.
    public func defaultMessage(_ code: String) -> ErrorMessage? { defaultChoiceMessage(code) }

    /// The path.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        try choice.convert(raw)
    }

    /// Refuses what is not offered.
    public func check(_ value: FormValue) throws(ValidationError) { try choice.check(value) }

    /// Compares the paths.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        choice.hasChanged(initial: initial, data: data)
    }
}

/// Lists what a folder holds, without leaving it.
private struct FolderScan {
    let root: String
    let pattern: RegexValidator?
    let isRecursive: Bool
    let takesFiles: Bool
    let takesFolders: Bool

    // A folder of folders cannot be deeper than the paths of any system.
    private static let depthLimit = 256

    private struct Item {
        let name: String
        let path: String
        let isFolder: Bool
        let isLink: Bool
    }

    func choices() -> [FormChoice] {
        let inside = Self.resolved(root)
        var found: [FormChoice] = []
        var folders = [(path: root, depth: 0)]
        while let folder = folders.popLast() {
            let items = Self.items(in: folder.path).filter { item in
                item.name != "__pycache__"
                    && (!item.isLink || Self.resolved(item.path).isBelow(inside))
            }
            let files = takesFiles ? items.filter { !$0.isFolder } : []
            let folderItems = items.filter(\.isFolder)
            let shown =
                isRecursive
                ? files + (takesFolders ? folderItems : [])
                : (files + (takesFolders ? folderItems : [])).sorted { $0.name.precedes($1.name) }
            for item in shown where isMatch(item.name) {
                let label = isRecursive ? String(item.path.dropFirst(root.count)) : item.name
                found.append(FormChoice(item.path, .text(label)))
            }
            guard isRecursive, folder.depth < Self.depthLimit else { continue }
            folders += folderItems.filter { !$0.isLink }
                .map { (path: $0.path, depth: folder.depth + 1) }
            folders.sort { $1.path.precedes($0.path) }
        }
        return found
    }

    private func isMatch(_ name: String) -> Bool {
        guard let pattern else { return true }
        do throws(ValidationError) {
            try pattern.validate(name)
            return true
        } catch {
            return false
        }
    }

    private static func items(in folder: String) -> [Item] {
        let manager = FileManager.default
        let names = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
        let prefix = folder.utf8.last == UInt8(ascii: "/") ? folder : "\(folder)/"
        return names.sorted { $0.precedes($1) }.compactMap { name in
            let path = prefix + name
            let attributes = try? manager.attributesOfItem(atPath: path)
            let type = attributes?[.type] as? FileAttributeType
            let isLink = type == .typeSymbolicLink
            let isFolder = manager.isDirectory(path)
            guard isFolder || type == .typeRegular || isLink && manager.fileExists(atPath: path)
            else { return nil }
            return Item(name: name, path: path, isFolder: isFolder, isLink: isLink)
        }
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
}

extension String {
    fileprivate func precedes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }

    fileprivate func isBelow(_ folder: String) -> Bool {
        utf8.starts(with: (folder.utf8.last == UInt8(ascii: "/") ? folder : "\(folder)/").utf8)
    }
}
