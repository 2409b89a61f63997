import NuagesCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An error of a storage of files.
public enum StorageError: Error, Hashable, CustomStringConvertible {
    /// A name that leads out of the storage, or of which no file can be made.
    ///
    /// Django: `SuspiciousFileOperation`.
    case suspiciousName(String, reason: String)
    /// There is no file of this name.
    case notFound(name: String)
    /// There is a file of this name already.
    case nameTaken(name: String)
    /// A part of the name in front of a slash is a file, or the name is that of a folder.
    case notAFolder(name: String)
    /// The name, or a part of it, is longer than what the storage takes.
    case nameTooLong(name: String)
    /// The file has become shorter while it was read.
    case truncated(name: String)
    /// No free name was found that is short enough.
    case noAvailableName(name: String, maxLength: Int?)
    /// The file is larger than what the storage takes.
    case tooLarge(name: String, limit: Int)
    /// The storage's files have no address.
    case noURL
    /// No storage has this alias.
    case unknownAlias(String, choices: [String])
    /// The disk or the system failed.
    case system(operation: String, name: String, errorNumber: Int32)
    /// The service that keeps the files refused or failed; the message has no secrets.
    case service(operation: String, name: String, message: String)

    /// What went wrong, and what to do.
    public var description: String {
        switch self {
        case .suspiciousName(let name, let reason):
            "\(reason): '\(LogText.escape(name))'."
        case .notFound(let name): "There is no file '\(LogText.escape(name))'."
        case .nameTaken(let name): "There is a file '\(LogText.escape(name))' already."
        case .notAFolder(let name):
            "'\(LogText.escape(name))' exists and is not a folder, or is one in place of a file."
        case .nameTooLong(let name): "The name '\(LogText.escape(name))' is too long."
        case .truncated(let name):
            "'\(LogText.escape(name))' has become shorter while it was read."
        case .noAvailableName(let name, let maxLength):
            "Storage can not find an available filename for '\(LogText.escape(name))'"
                + (maxLength.map {
                    " of at most \($0) characters. Give the field a greater maxLength."
                } ?? ".")
        case .tooLarge(let name, let limit):
            "'\(LogText.escape(name))' would make the storage larger than \(limit) bytes."
        case .noURL: "This file is not accessible via a URL: give its storage a base URL."
        case .unknownAlias(let alias, let choices):
            "No storage is called '\(LogText.escape(alias))'. Choices are: "
                + "\(choices.joined(separator: ", ")). Set MEDIA_ROOT, or name it in 'storages'."
        case .system(let operation, let name, let errorNumber):
            "Could not \(operation) '\(LogText.escape(name))': "
                + "\(String(cString: strerror(errorNumber)))."
        case .service(let operation, let name, let message):
            "Could not \(operation) '\(LogText.escape(name))': \(LogText.escape(message))."
        }
    }
}
