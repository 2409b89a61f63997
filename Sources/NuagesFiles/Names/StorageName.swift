import NuagesCore

/// Names of files in a storage: parts with `/` between them, below the storage's root.
///
/// All of it works on bytes: what a part is must not depend on how Unicode puts characters together.
package enum StorageName {
    /// The longest part of a name that file systems take, in bytes.
    package static let maxPartLength = 255

    /// Refuses a name that no file may have.
    ///
    /// Django: `validate_file_name`.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - allowsRelativePath: whether it may have folders.
    /// - Throws: ``StorageError/suspiciousName(_:reason:)``.
    package static func validate(
        _ name: String,
        allowsRelativePath: Bool
    ) throws(StorageError) {
        let base = split(name).base
        if base.isEmpty || base == "." || base == ".." {
            throw .suspiciousName(name, reason: "Could not derive file name")
        }
        try refuseControls(name)
        if allowsRelativePath {
            try refuseTraversal(name)
        } else if base.utf8.count != name.utf8.count {
            throw .suspiciousName(name, reason: "File name includes path elements")
        }
    }

    /// The parts of a name, of which none leads up.
    ///
    /// - Parameter name: the name; a backslash is a slash.
    /// - Returns: the parts; none for the root.
    /// - Throws: ``StorageError/suspiciousName(_:reason:)``.
    package static func parts(_ name: String) throws(StorageError) -> [String] {
        try refuseControls(name)
        try refuseTraversal(name)
        return slashes(name).split(onByte: 0x2F).filter { !$0.isEmpty && $0 != "." }
    }

    /// The name without empty parts and without `.`.
    ///
    /// - Parameter name: the name.
    /// - Returns: the parts of it, with `/` between.
    /// - Throws: ``StorageError/suspiciousName(_:reason:)``.
    package static func normalized(_ name: String) throws(StorageError) -> String {
        try parts(name).joined(separator: "/")
    }

    /// The name with `/` in place of every backslash.
    package static func slashes(_ name: String) -> String { name.replacingBytes("\\", with: "/") }

    /// What is in front of the last slash, and what is behind it.
    package static func split(_ name: String) -> (folder: String, base: String) {
        let bytes = name.utf8
        guard let slash = bytes.lastIndex(of: 0x2F) else { return ("", name) }
        return (
            String(Substring(bytes[..<slash])),
            String(Substring(bytes[bytes.index(after: slash)...]))
        )
    }

    /// A folder and a name in it.
    package static func joined(_ folder: String, _ base: String) -> String {
        folder.isEmpty || folder.utf8.last == 0x2F ? folder + base : folder + "/" + base
    }

    /// A name's root and all its endings: `x` and `.tar.gz`.
    ///
    /// Python: `PurePath.suffixes`.
    package static func endings(of base: String) -> (root: String, endings: String) {
        let bytes = Array(base.utf8)
        guard bytes.last != 0x2E else { return (base, "") }
        let start = bytes.firstIndex { $0 != 0x2E } ?? bytes.count
        guard let dot = bytes[start...].firstIndex(of: 0x2E) else { return (base, "") }
        return (
            String(decoding: bytes[..<dot], as: UTF8.self),
            String(decoding: bytes[dot...], as: UTF8.self)
        )
    }

    /// A name that is safe on other systems as well: `CON.txt` opens a device on Windows, where a
    /// visitor may save it.
    package static func avoidingDevices(_ base: String) -> String {
        let root = base.split(onByte: 0x2E).first ?? ""
        return devices.contains(root.asciiLowercased) ? "_" + base : base
    }

    private static let devices: Set<String> = {
        var names: Set<String> = ["con", "prn", "aux", "nul", "conin$", "conout$"]
        for number in 0...9 {
            names.insert("com\(number)")
            names.insert("lpt\(number)")
        }
        return names
    }()

    private static func refuseControls(_ name: String) throws(StorageError) {
        guard name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return }
        throw .suspiciousName(name, reason: "File name has control characters")
    }

    private static func refuseTraversal(_ name: String) throws(StorageError) {
        let path = slashes(name)
        guard path.utf8.first == 0x2F || path.split(onByte: 0x2F).contains("..") else { return }
        throw .suspiciousName(name, reason: "Detected path traversal attempt")
    }
}

extension String {
    /// The text without its last `count` scalars.
    func droppingLastScalars(_ count: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.dropLast(max(0, count))))
    }
}
