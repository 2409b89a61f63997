import NuagesCore

extension Storage {
    /// False: a name that is taken is changed.
    public var allowsOverwrite: Bool { false }

    /// Nil.
    ///
    /// - Parameter name: the name.
    /// - Returns: nil.
    /// - Throws: nothing.
    public func path(_ name: String) throws -> String? { nil }

    /// The name with blanks as underscores, without anything but letters, digits, `-`, `_` and
    /// dots; the names of Windows' devices get an underscore.
    ///
    ///     try storage.validName("my cat: a story.png")      // my_cat_a_story.png
    ///     try storage.validName("aux.txt")                  // _aux.txt
    ///
    /// Django: `get_valid_name`, which keeps the names of devices.
    ///
    /// - Parameter name: a name without folders.
    /// - Returns: the name.
    /// - Throws: ``StorageError/suspiciousName(_:reason:)`` where nothing is left of it.
    public func validName(_ name: String) throws -> String {
        do throws(InvalidFileName) {
            return StorageName.avoidingDevices(try FileName.valid(name))
        } catch {
            throw StorageError.suspiciousName(name, reason: "Could not derive file name")
        }
    }

    /// The root, an underscore, seven random letters and digits, and the endings.
    ///
    /// - Parameters:
    ///   - root: the name in front of its endings.
    ///   - endings: the endings.
    /// - Returns: the name.
    public func alternativeName(_ root: String, _ endings: String) -> String {
        root + "_" + String(decoding: RandomText.alphanumeric(count: 7), as: UTF8.self) + endings
    }

    /// The name that a visitor's file is kept by, with the folders in front of it.
    ///
    ///     try storage.generateFilename("2026/11/my cat.png")      // 2026/11/my_cat.png
    ///
    /// Django: `generate_filename`.
    ///
    /// - Parameter name: a name, which may have folders.
    /// - Returns: the name with a valid last part.
    /// - Throws: ``StorageError/suspiciousName(_:reason:)`` where a folder leads up.
    public func generateFilename(_ name: String) throws -> String {
        let (folder, base) = StorageName.split(StorageName.slashes(name))
        return try StorageName.normalized(StorageName.joined(folder, try validName(base)))
    }

    /// A name that no file has.
    ///
    ///     try await storage.availableName("cat.png", maxLength: 100)    // cat_kJ3x9Qa.png
    ///
    /// Where the name is too long its root is made shorter: `maxLength` counts Unicode scalars, as
    /// columns do, and no part gets longer than the 255 bytes that file systems take. All endings
    /// are kept: `x.php.jpg` becomes `x_kJ3x9Qa.php.jpg`.
    ///
    /// Django: `get_available_name`.
    ///
    /// - Parameters:
    ///   - name: the name to begin with.
    ///   - maxLength: how long it may be in Unicode scalars; nil for any length.
    /// - Returns: a free name.
    /// - Throws: ``StorageError/suspiciousName(_:reason:)``,
    ///   ``StorageError/noAvailableName(name:maxLength:)``, and what the storage fails with.
    public func availableName(_ name: String, maxLength: Int? = nil) async throws -> String {
        let (folder, base) = StorageName.split(StorageName.slashes(name))
        _ = try StorageName.parts(folder)
        try StorageName.validate(base, allowsRelativePath: false)
        let (root, endings) = StorageName.endings(of: base)
        var names = NameFinder(folder, root, endings, maxLength: maxLength)
        var name = StorageName.joined(folder, base)
        for _ in 0..<100 {
            if names.fits(name) {
                if allowsOverwrite { return name }
                if try await !exists(name) { return name }
            }
            name = try names.next { self.alternativeName($0, $1) }
        }
        throw StorageError.noAvailableName(name: base, maxLength: maxLength)
    }
}

extension Storage {
    /// Refuses a name that is too long, and of which no shorter one can be made.
    package func checkLength(of name: String, maxLength: Int?) throws(StorageError) {
        let (folder, base) = StorageName.split(name)
        let (root, endings) = StorageName.endings(of: base)
        var names = NameFinder(folder, root, endings, maxLength: maxLength)
        if !names.fits(name) { _ = try names.next { self.alternativeName($0, $1) } }
    }
}

/// Looks for names that are short enough.
private struct NameFinder {
    private let folder: String
    private var root: String
    private let endings: String
    private let maxLength: Int?

    init(_ folder: String, _ root: String, _ endings: String, maxLength: Int?) {
        self.folder = folder
        self.root = root
        self.endings = endings
        self.maxLength = maxLength
    }

    func fits(_ name: String) -> Bool { excess(of: name) <= 0 }

    /// How many scalars, or bytes of the last part, a name has too many.
    private func excess(of name: String) -> Int {
        max(
            maxLength.map { name.unicodeScalars.count - $0 } ?? 0,
            StorageName.split(name).base.utf8.count - StorageName.maxPartLength
        )
    }

    mutating func next(_ make: (String, String) -> String) throws(StorageError) -> String {
        while true {
            let name = StorageName.joined(folder, make(root, endings))
            let scalars = maxLength.map { name.unicodeScalars.count - $0 } ?? 0
            let bytes = StorageName.split(name).base.utf8.count - StorageName.maxPartLength
            guard max(scalars, bytes) > 0 else { return name }
            // A scalar has up to four bytes, so that the root may have to be cut again.
            root = root.droppingLastScalars(max(scalars, (bytes + 3) / 4))
            guard !root.isEmpty else {
                throw .noAvailableName(name: name, maxLength: maxLength)
            }
        }
    }
}
