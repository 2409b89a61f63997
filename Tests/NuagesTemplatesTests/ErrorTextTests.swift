import NuagesCore
import Testing

@testable import NuagesTemplates

@Suite struct ErrorTextTests {
    @Test(arguments: [
        (
            "a\n{% blok x %}",
            "line 2, in {% blok x %}: Invalid block tag on line 2: 'blok'. Did you forget to register "
                + "or load this tag? Did you mean 'block'?"
        ),
        (
            "{% if x %}{% endfor %}",
            "line 1, in {% endfor %}: Invalid block tag on line 1: 'endfor', expected 'elif', 'else' "
                + "or 'endif'. Did you forget to register or load this tag?"
        ),
        (
            "{% for x in y %}",
            "line 1, in {% for x in y %}: Unclosed tag on line 1: 'for'. Looking for one of: empty, "
                + "endfor."
        ),
        ("{% %}", "line 1, in {%  %}: Empty block tag on line 1"),
        (
            "{% for x of y %}",
            "line 1, in {% for x of y %}: 'for' statements should use the format 'for x in y': for x "
                + "of y"
        ),
        (
            "{{ 'x'|ljust:'wide' }}",
            "line 1, in {{ 'x'|ljust:'wide' }}: The argument of 'ljust' must be a whole number up to "
                + "10000000, not 'wide'."
        ),
    ])
    func saysWhatWhereAndWhatToDo(_ source: String, text: String) async {
        #expect(await failure(source) == text)
    }

    @Test func anErrorInsideAnIncludedTemplateNamesThatTemplate() async {
        let text = await failure("\n{% include 'a' %}", templates: ["a": "\n\n{{ x|uper }}"])
        #expect(text == "a, line 3, in {{ x|uper }}: Invalid filter: 'uper' Did you mean 'upper'?")
    }

    @Test(arguments: [
        ("{{ x|nonesuch }}", "Invalid filter: 'nonesuch' The filters here are add, addslashes, "),
        (
            "{% nonesuch %}",
            "Invalid block tag on line 1: 'nonesuch'. Did you forget to register or load this tag? "
                + "The tags here are autoescape, block, "
        ),
    ])
    func namesTheChoicesForANameThatResemblesNone(_ source: String, text: String) async {
        #expect(await failure(source).contains(text))
    }
}
