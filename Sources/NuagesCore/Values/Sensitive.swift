/// A value that must not show up in logs, error pages or dumps.
///
///     let token = Sensitive(request.query["token"])
///     print(token)              // ********************
///     token.exposed             // the value itself
///
/// Printing, interpolating, reflecting and encoding for a debug page all give asterisks; only
/// ``exposed`` gives the value.
///
/// Django: `sensitive_variables`.
public struct Sensitive<Value: Sendable>: Sendable, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    /// The value itself.
    public var exposed: Value

    /// A value that is kept out of sight.
    ///
    /// - Parameter value: the value.
    public init(_ value: Value) { exposed = value }

    /// `********************`.
    public var description: String { SensitiveNames.substitute }
    /// `********************`.
    public var debugDescription: String { description }
    /// Nothing of the value.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Sensitive: Equatable where Value: Equatable {}
extension Sensitive: Hashable where Value: Hashable {}

/// Names that tell that a value must not be shown.
///
/// Django: `SafeExceptionReporterFilter.hidden_settings`.
public enum SensitiveNames {
    /// What is shown in place of a value.
    public static let substitute = "********************"

    private static let parts = [
        "api", "auth", "token", "key", "secret", "pass", "signature", "http_cookie", "session",
        "csrf", "cookie", "credential",
    ].map { Array($0.utf8) }

    /// Whether a value of this name is kept out of sight.
    ///
    ///     SensitiveNames.hides("DATABASE_PASSWORD")     // true
    ///
    /// - Parameter name: the name of a setting, a header field, a cookie or a form's field.
    /// - Returns: true where the name, in any case, has API, AUTH, TOKEN, KEY, SECRET, PASS,
    ///   SIGNATURE, COOKIE, SESSION, CSRF or CREDENTIAL in it.
    public static func hides(_ name: String) -> Bool {
        let bytes = name.utf8.prefix(1000).map { ($0 >= 0x41 && $0 <= 0x5A) ? $0 | 0x20 : $0 }
        return parts.contains { part in
            bytes.count >= part.count
                && (0...(bytes.count - part.count)).contains { start in
                    bytes[start..<(start + part.count)].elementsEqual(part)
                }
        }
    }

    /// The value, or asterisks where its name says so.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - name: its name.
    /// - Returns: what may be shown.
    public static func shown(_ value: String, named name: String) -> String {
        hides(name) ? substitute : value
    }
}
