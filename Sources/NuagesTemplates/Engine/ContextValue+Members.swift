import NuagesCore

extension ContextValue {
    /// What one step of a path reaches: a key, a member, or an element by its index.
    func member(_ step: VariablePath.Step) -> ContextValue? {
        switch self {
        case .dictionary(let dictionary):
            return dictionary[step.name] ?? Self.attribute(step.name, of: dictionary)
        case .object(let object):
            return object.contextMember(step.name)
                ?? step.index.flatMap { Self.element($0, of: object.contextElements) }
        case .array(let elements):
            return step.index.flatMap { Self.element($0, of: elements) }
        case .string, .safe:
            guard let index = step.index else { return nil }
            return Self.element(index, of: self.elements)
        case .date(let date): return date.member(step.name)
        case .time(let time): return time.member(step.name)
        case .localDateTime(let value):
            return value.date.member(step.name) ?? value.time.member(step.name)
        case .dateTime(let moment):
            guard let value = LocalDateTime(moment, in: .utc) else { return nil }
            return value.date.member(step.name) ?? value.time.member(step.name)
        case .duration(let duration): return duration.member(step.name)
        default: return nil
        }
    }

    private static func element(_ index: Int, of elements: [ContextValue]?) -> ContextValue? {
        guard let elements else { return nil }
        let position = index < 0 ? index + elements.count : index
        return elements.indices.contains(position) ? elements[position] : nil
    }

    /// The methods of Python's dictionaries that templates use.
    private static func attribute(_ name: String, of dictionary: ContextDictionary) -> ContextValue?
    {
        switch name {
        case "items": .array(dictionary.entries.map { .array([.string($0.key), $0.value]) })
        case "keys": .array(dictionary.entries.map { .string($0.key) })
        case "values": .array(dictionary.entries.map(\.value))
        default: nil
        }
    }
}

extension CalendarDate {
    fileprivate func member(_ name: String) -> ContextValue? {
        switch name {
        case "year": .int(year)
        case "month": .int(month)
        case "day": .int(day)
        case "weekday": .int(weekday)
        case "isoformat": .string(description)
        default: nil
        }
    }
}

extension TimeOfDay {
    fileprivate func member(_ name: String) -> ContextValue? {
        switch name {
        case "hour": .int(hour)
        case "minute": .int(minute)
        case "second": .int(second)
        case "microsecond": .int(microsecond)
        default: nil
        }
    }
}

extension Duration {
    fileprivate func member(_ name: String) -> ContextValue? {
        let (days, seconds, microseconds) = DurationText.parts(self)
        switch name {
        case "days": return .int(days)
        case "seconds": return .int(seconds)
        case "microseconds": return .int(microseconds)
        case "total_seconds":
            return .double(Double(days) * 86_400 + Double(seconds) + Double(microseconds) / 1e6)
        default: return nil
        }
    }
}
