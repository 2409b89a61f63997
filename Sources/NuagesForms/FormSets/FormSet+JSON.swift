public import NuagesCore

/// A list of JSON objects as a form set reads it: what a page would have submitted for it.
package struct JSONForms: Sendable {
    /// The places of the forms in the list.
    package let places: [Int]
    private let options: FormSetOptions
    private let rows: [JSONValue]
    private let isList: Bool
    private let initialCount: Int

    /// The forms of a list.
    ///
    /// - Parameters:
    ///   - json: the list; nil and `null` are an empty one, and anything else has no forms.
    ///   - options: the options of the set. No more forms are read than are ever made.
    package init(_ json: JSONValue?, _ options: FormSetOptions) {
        var (rows, isList): ([JSONValue], Bool) = ([], true)
        switch json {
        case .array(let list)?: rows = list
        case nil, .null?: break
        default: isList = false
        }
        self.init(rows, isList: isList, initialCount: 0, places: nil, options)
    }

    private init(
        _ rows: [JSONValue],
        isList: Bool,
        initialCount: Int,
        places: [Int]?,
        _ options: FormSetOptions
    ) {
        self.rows = rows
        self.isList = isList
        self.options = options
        self.initialCount = initialCount
        self.places = places ?? Array(rows.indices.prefix(options.formLimit))
    }

    /// The fields of all forms by the names that a page has for them, and how many forms there are.
    package var input: FormInput {
        var members = [
            FormValue.Member("\(options.prefix)-\(FormSetField.total)", .int(rows.count)),
            FormValue.Member("\(options.prefix)-\(FormSetField.initial)", .int(initialCount)),
        ]
        for (index, place) in places.enumerated() {
            guard case .object(let fields) = rows[place] else { continue }
            for field in fields {
                members.append(
                    FormValue.Member(
                        "\(options.prefix)-\(index)-\(field.name)",
                        field.value.formValue
                    )
                )
            }
        }
        return FormInput(typed: members)
    }

    /// The same list with so many forms in front that there was something already.
    package func initial(_ count: Int) -> JSONForms {
        JSONForms(
            rows,
            isList: isList,
            initialCount: min(count, places.count),
            places: places,
            options
        )
    }

    /// The same list with the forms that there was something already in front.
    ///
    /// - Parameters:
    ///   - name: the name of a member.
    ///   - isInitial: says of an object's member whether there was something.
    /// - Returns: the list; the places tell where its forms were.
    package func initial(where name: String, _ isInitial: (FormValue) -> Bool) -> JSONForms {
        let isKnown = places.map { place in
            rows[place][name].map { isInitial($0.formValue) } ?? false
        }
        let known = places.indices.filter { isKnown[$0] }.map { places[$0] }
        let new = places.indices.filter { !isKnown[$0] }.map { places[$0] }
        return JSONForms(
            rows,
            isList: isList,
            initialCount: known.count,
            places: known + new,
            options
        )
    }

    /// The members of a name in all forms.
    package func values(_ name: String) -> [FormValue] {
        places.compactMap { rows[$0][name]?.formValue }
    }

    /// Refuses what is no list, and what is no object in one.
    package func check(_ bound: inout BoundFormSet) {
        bound.places = places
        if !isList { bound.addErrors(options.error("invalid_list", [])) }
        for (index, place) in places.enumerated() {
            if case .object = rows[place] { continue }
            bound.addErrors(options.error("invalid_object", []), toForm: index)
        }
    }
}

extension DynamicFormSet {
    /// Reads a JSON list of objects, one for each form, by the same rules and limits.
    ///
    ///     links.bind(json: document["links"])     // [{"url": "https://swift.org/"}, {"url": "…"}]
    ///
    /// The objects have the names of the fields, without prefixes and numbers; `ORDER` and `DELETE`
    /// stand beside them where the set has these. The first ones belong to the initial values, as many
    /// as there are. No management form is needed, and none is read.
    ///
    /// - Parameter json: the list; nil and `null` are an empty one.
    /// - Returns: the forms, valid or with their errors.
    public func bind(json: JSONValue?) -> BoundFormSet {
        let list = jsonForms(json)
        var bound = bindForms(list.input)
        list.check(&bound)
        bound.checkCounts()
        return bound
    }

    /// Reads a JSON list of objects with fields that ask a database; see ``bind(json:)``.
    ///
    /// - Parameter json: the list; nil and `null` are an empty one.
    /// - Returns: the forms, valid or with their errors.
    /// - Throws: errors of the queries.
    public func bindQuerying(json: JSONValue?) async throws -> BoundFormSet {
        let list = jsonForms(json)
        var bound = try await bindFormsQuerying(list.input)
        list.check(&bound)
        bound.checkCounts()
        if !bound.isValid { try await bound.loadChoices() }
        return bound
    }

    func jsonForms(_ json: JSONValue?) -> JSONForms {
        JSONForms(json, options).initial(max(0, initialCount ?? initial.count))
    }
}

extension FormSet {
    /// Reads a JSON list of objects, one for each form, by the same rules and limits.
    ///
    ///     let document = try await request.json(maxDepth: 4)
    ///     // {"title": "Swift", "links": [{"url": "https://swift.org/"}, {"url": "…"}]}
    ///     let article = try await ArticleForm.bind(json: document)
    ///     let links = try await LinkForm.formSet().bind(json: document["links"])
    ///
    /// See ``DynamicFormSet/bind(json:)`` for the objects, and ``JSONFormErrors`` for the answer.
    ///
    /// - Parameter json: the list; nil and `null` are an empty one.
    /// - Returns: the cleaned values, or the forms with their errors.
    /// - Throws: what a `clean()` throws besides `ValidationError`.
    public func bind(json: JSONValue?) async throws -> FormSetResult<Value> {
        let list = dynamic.jsonForms(json)
        return try await bind(list.input, list)
    }
}
