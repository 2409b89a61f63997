import Nuages

/// The greeting of `/json`.
struct Greeting: JSONWritable {
    let message: String

    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("message", message) }
    }
}

extension World: JSONWritable {
    /// Writes `{"id":1,"randomNumber":7920}`.
    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id.value)
            $0.member("randomNumber", randomNumber)
        }
    }
}
