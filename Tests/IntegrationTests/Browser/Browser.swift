import Foundation
import ServerTestSupport

/// A headless Chromium, driven by the WebDriver protocol (W3C) through ChromeDriver.
///
/// Pages are used by the keyboard alone: ``tab(to:)`` presses Tab until the focus is on a control.
final class Browser: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Keys that have no character.
    enum Key: String {
        case tab = "\u{E004}"
        case enter = "\u{E007}"
        case space = " "
        case down = "\u{E015}"
        case end = "\u{E010}"
        case shift = "\u{E008}"
        case control = "\u{E009}"
        case delete = "\u{E017}"
    }

    private let driver: ChildProcess
    private let port: Int
    private let session: String

    private static func found(_ names: [String]) -> String? {
        names.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static let chromium = found([
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ])

    private static let chromeDriver = found([
        "/usr/bin/chromedriver", "/opt/homebrew/bin/chromedriver", "/usr/local/bin/chromedriver",
    ])

    /// Whether both are here; `Scripts/install-dependencies test` installs them on Debian.
    static let isInstalled = chromium != nil && chromeDriver != nil

    /// Starts the browser with an empty profile.
    ///
    /// - Parameter scripts: whether pages may run scripts.
    /// - Throws: ``Failure`` where the browser does not start.
    init(scripts: Bool = true) async throws {
        guard let chromium = Self.chromium, let chromeDriver = Self.chromeDriver else {
            throw Failure(description: "Chromium is not installed.")
        }
        let pipe = Pipe()
        driver = try ChildProcess(
            chromeDriver,
            ["--port=0", "--allowed-ips=127.0.0.1"],
            output: pipe.fileHandleForWriting.fileDescriptor
        )
        try pipe.fileHandleForWriting.close()
        port = try Self.port(from: pipe.fileHandleForReading)
        var options: [String: Any] = [
            "binary": chromium,
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--window-size=1200,1000", "--force-prefers-reduced-motion",
            ],
        ]
        if !scripts {
            options["prefs"] = ["profile.managed_default_content_settings.javascript": 2]
        }
        let wanted: [String: Any] = [
            "capabilities": [
                "alwaysMatch": [
                    "browserName": "chrome", "goog:chromeOptions": options,
                    "goog:loggingPrefs": ["browser": "ALL"],
                ]
            ]
        ]
        do {
            let answer = try Self.send("POST", "/session", wanted, port: port) as? [String: Any]
            guard let id = answer?["sessionId"] as? String else {
                throw Failure(description: "No session: \(String(describing: answer))")
            }
            session = id
        } catch {
            driver.kill()
            throw error
        }
    }

    /// Ends the browser.
    func quit() async {
        _ = try? Self.send("DELETE", "/session/\(session)", port: port)
        driver.kill()
    }

    /// ChromeDriver prints where it listens once it does.
    private static func port(from output: FileHandle) throws -> Int {
        var text = ""
        while true {
            let data = output.availableData
            guard !data.isEmpty else {
                throw Failure(description: "ChromeDriver ended: \(text)")
            }
            text += String(decoding: data, as: UTF8.self)
            guard let match = text.range(of: "started successfully on port ") else { continue }
            let digits = text[match.upperBound...].prefix { $0.isNumber }
            let isComplete = text[match.upperBound...].count > digits.count
            if isComplete, let port = Int(digits) { return port }
        }
    }

    private static func send(
        _ method: String,
        _ path: String,
        _ body: [String: Any]? = nil,
        port: Int
    ) throws -> Any? {
        let data =
            method == "POST" ? try JSONSerialization.data(withJSONObject: body ?? [:]) : Data()
        let head = """
            \(method) \(path) HTTP/1.1\r
            Host: 127.0.0.1:\(port)\r
            Content-Type: application/json\r
            Content-Length: \(data.count)\r
            \r\n
            """
        let socket = try RawSocket(port: port, timeout: 60)
        socket.send(Array(head.utf8) + data)
        guard let bytes = socket.readBody() else {
            throw Failure(description: "ChromeDriver gave no answer to \(method) \(path).")
        }
        let answer = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        let value = answer?["value"]
        if let error = value as? [String: Any], let name = error["error"] as? String {
            throw Failure(description: "\(name): \(error["message"] ?? "")")
        }
        return value is NSNull ? nil : value
    }

    private func post(_ command: String, _ body: [String: Any] = [:]) async throws -> Any? {
        try Self.send("POST", "/session/\(session)/\(command)", body, port: port)
    }

    private func get(_ command: String) async throws -> Any? {
        try Self.send("GET", "/session/\(session)/\(command)", port: port)
    }

    // MARK: Pages

    /// Loads a page and waits until it is there.
    func open(_ address: String) async throws { _ = try await post("url", ["url": address]) }

    /// The address of the page.
    func address() async throws -> String { try await get("url") as? String ?? "" }

    /// Runs a function's body in the page and returns its result as text.
    @discardableResult
    func run(_ script: String) async throws -> String {
        let value = try await post("execute/sync", ["script": script, "args": []])
        return value.map { "\($0)" } ?? ""
    }

    /// Runs a function's body that calls its last argument with the result.
    func runUntilAnswered(_ script: String) async throws -> String {
        let value = try await post("execute/async", ["script": script, "args": []])
        return value.map { "\($0)" } ?? ""
    }

    /// The page as the browser holds it, as HTML.
    func source() async throws -> String {
        // The protocol leaves the doctype out.
        let doctype = try await run("return document.doctype?.name ?? ''")
        return (doctype.isEmpty ? "" : "<!DOCTYPE \(doctype)>\n")
            + (try await get("source") as? String ?? "")
    }

    /// What the browser has complained of since the last call, such as a script that the site's
    /// policy blocked, or a file that is not there.
    func complaints() async throws -> [String] {
        let entries = try await post("se/log", ["type": "browser"]) as? [[String: Any]] ?? []
        return entries.filter { $0["level"] as? String == "SEVERE" }
            .map { $0["message"] as? String ?? "" }
    }

    /// The picture of the page as a PNG.
    func picture() async throws -> Data {
        Data(base64Encoded: try await get("screenshot") as? String ?? "") ?? Data()
    }

    // MARK: The keyboard

    /// Presses keys one after the other; those before the last are held.
    func press(_ keys: Key...) async throws {
        var actions = keys.map { ["type": "keyDown", "value": $0.rawValue] }
        actions += keys.reversed().map { ["type": "keyUp", "value": $0.rawValue] }
        try await perform(actions)
    }

    /// Types text into what has the focus.
    func type(_ text: String) async throws {
        try await perform(
            text.unicodeScalars.flatMap { scalar in
                [
                    ["type": "keyDown", "value": String(scalar)],
                    ["type": "keyUp", "value": String(scalar)],
                ]
            }
        )
    }

    private func perform(_ actions: [[String: String]]) async throws {
        _ = try await post(
            "actions",
            ["actions": [["type": "key", "id": "keyboard", "actions": actions]]]
        )
    }

    /// Presses Tab until the focus is on the element; fails where no number of times leads there.
    func tab(to selector: String) async throws {
        let quoted = try Self.quoted(selector)
        for _ in 0..<120 {
            try await press(.tab)
            let isThere = try await run(
                "return document.activeElement.matches(\(quoted)) ? 'yes' : 'no'"
            )
            if isThere == "yes" { return }
        }
        throw Failure(description: "The keyboard does not reach \(selector).")
    }

    /// Reaches a field by Tab and writes over what is in it.
    func fill(_ selector: String, _ text: String) async throws {
        try await tab(to: selector)
        try await run("document.activeElement.select?.()")
        try await type(text)
    }

    /// Reaches a control by Tab and presses Enter on it; waits for the page that comes.
    func activate(_ selector: String) async throws {
        try await tab(to: selector)
        try await run("window.nuagesOldPage = true")
        try await press(.enter)
        for _ in 0..<600 {
            let state = try await run(
                "return window.nuagesOldPage ? 'old' : document.readyState"
            )
            if state == "complete" { return }
        }
        throw Failure(description: "\(selector) leads to no page: \(try await address())")
    }

    /// Chooses a file for the control that has the focus, as the system's dialog would.
    func choose(_ path: String) async throws {
        guard let element = try await get("element/active") as? [String: Any],
            let id = element.values.first as? String
        else { throw Failure(description: "Nothing has the focus.") }
        _ = try await post("element/\(id)/value", ["text": path])
    }

    private static func quoted(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
}
