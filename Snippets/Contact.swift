// Forms: what the guide quotes.
import Nuages

enum Topic: String, CaseIterable, ChoiceValue {
    case question
    case praise
    case complaint
}

@Form
struct ContactForm {
    @CharField(maxLength: 100) var subject: String
    @CharField(minLength: 10, helpText: "A few sentences.", widget: .textarea) var message: String
    var sender: EmailAddress
    var topic: Topic
    var pages: Int?
    var ccMyself = false

    func clean() throws {
        if ccMyself && subject.isEmpty {
            throw Self.error(\.subject, "A copy needs a subject.", code: "subject")
        }
    }
}

func contact(_ request: Request) async throws -> Response {
    guard request.method == .post else {
        return try await render(request, "contact.html", ["form": ContactForm.unbound()])
    }
    switch try await ContactForm.bind(request) {
    case .valid(let contact):
        print("\(contact.sender) writes about \(contact.topic): \(contact.subject)")
        return try redirect(to: "thanks")
    case .invalid(let form):
        return try await render(request, "contact.html", ["form": form])
    }
}

@main
enum Program {
    static func main() async throws {
        print(ContactForm.unbound().html)
    }
}
