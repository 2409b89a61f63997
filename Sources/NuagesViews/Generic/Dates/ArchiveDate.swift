import NuagesCore
public import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The field whose day an archive goes by: a `CalendarDate` or a `Date` of the model.
///
///     var dateField: ArchiveDate<Article> { ArchiveDate(\.pubDate) }
public struct ArchiveDate<Object: Model>: Sendable {
    /// The name in Django's spelling.
    let name: String
    /// Whether it is a moment, whose day depends on the time zone.
    let isMoment: Bool

    /// A field that always has a day.
    ///
    /// - Parameter field: the field.
    public init<Value: DayValue>(_ field: KeyPath<Object.Fields, FieldExpression<Value>>) {
        self.init(Object.Fields(path: RelationPath())[keyPath: field].node, Value.fieldType)
    }

    /// A field that may have a day.
    ///
    /// - Parameter field: the field.
    public init<Value: DayValue>(_ field: KeyPath<Object.Fields, FieldExpression<Value?>>) {
        self.init(Object.Fields(path: RelationPath())[keyPath: field].node, Value.fieldType)
    }

    private init(_ node: ExpressionNode, _ type: FieldType) {
        if case .reference(let names) = node { name = names.last ?? "" } else { name = "" }
        isMoment = type == .dateTimeField
    }

    /// The day of an object, on the clocks of `zone`.
    func day(of object: Object, in zone: LocalDateTime.Zone) -> CalendarDate? {
        let field = Object.meta.fields.first { $0.schema.name.utf8.elementsEqual(name.utf8) }
        switch field?.value(of: object) {
        case .date(let day): return day
        case .dateTime(let moment): return LocalDateTime(moment, in: zone)?.date
        default: return nil
        }
    }
}

extension CalendarDate {
    /// The day some days later; nil outside the years 1 to 9999.
    func advanced(days: Int) -> CalendarDate? { CalendarDate(daysSince1970: daysSince1970 + days) }

    /// The moment at which the day begins on the clocks of `zone`.
    func beginning(in zone: LocalDateTime.Zone) -> Date {
        guard let midnight = TimeOfDay(hour: 0, minute: 0) else { return .distantPast }
        return LocalDateTime(date: self, time: midnight).moment(assuming: zone)
    }

    /// Today on the clocks of `zone`.
    static func today(in zone: LocalDateTime.Zone) -> CalendarDate? {
        LocalDateTime(Date.now, in: zone)?.date
    }
}
