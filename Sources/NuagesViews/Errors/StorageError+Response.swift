public import NuagesFiles
public import NuagesHTTP

extension StorageError: ResponseConvertibleError {
    /// 400 for a visitor's name of which no file can be made, as Django answers its
    /// `SuspiciousFileOperation`; 500 for everything else.
    public var status: HTTPStatus {
        switch self {
        case .suspiciousName, .noAvailableName, .nameTooLong: .badRequest
        default: .internalServerError
        }
    }
}
