/// Every kind of case that this program can run; the first that accepts a case runs it.
let conformanceKinds: [any ConformanceKind] =
    templateKinds + [
        FieldCases(),
        WidgetCases(),
        ValidatorCases(),
        HTTPCases(),
        MigrationCases(),
        PaginatorCases(),
        ORMCases(),
    ]
