/// The kinds of the template language.
let templateKinds: [any ConformanceKind] = [
    TemplateCases(), FilterCases(), TextFunctionCases(), HumanizeCases(),
]
