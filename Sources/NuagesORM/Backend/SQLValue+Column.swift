extension SQLValue {
    /// Hands the value to `body` in the form in which a column holds it.
    func withColumn(
        _ body: (ColumnValue) throws(DecodingFailure) -> Void
    ) throws(DecodingFailure) {
        switch self {
        case .null: try body(.null)
        case .bool(let flag): try body(.int(flag ? 1 : 0))
        case .int(let number): try body(.int(Int64(number)))
        case .double(let number): try body(.double(number))
        case .text(let text):
            try Self.withBytes(Array(text.utf8)) { bytes throws(DecodingFailure) in
                try body(.text(bytes))
            }
        case .blob(let bytes):
            try Self.withBytes(bytes) { bytes throws(DecodingFailure) in
                try body(.blob(bytes))
            }
        case .duration(let duration):
            guard let microseconds = StoredText.microseconds(duration) else {
                throw DecodingFailure()
            }
            try body(.int(Int64(microseconds)))
        case .json(let document):
            guard let text = StoredText.format(document) else { throw DecodingFailure() }
            try Self.withBytes(Array(text.utf8)) { bytes throws(DecodingFailure) in
                try body(.text(bytes))
            }
        case .array(let values):
            let array = try ColumnArray(copying: values)
            try body(.array(Unmanaged.passUnretained(array)))
            withExtendedLifetime(array) {}
        case .range(let range):
            let array = try ColumnArray(copying: range.isEmpty ? [] : [range.lower, range.upper])
            try body(.range(Unmanaged.passUnretained(array), range.bounds))
            withExtendedLifetime(array) {}
        case .decimal, .date, .time, .dateTime, .uuid:
            try Self.withBytes(Array(storedText.utf8)) { bytes throws(DecodingFailure) in
                try body(.text(bytes))
            }
        }
    }

    /// The text that stands for a value of a type that SQLite does not have.
    private var storedText: String {
        switch self {
        case .decimal(let number): StoredText.format(number)
        case .date(let day): StoredText.format(day)
        case .time(let time): StoredText.format(time)
        case .dateTime(let moment): StoredText.format(moment)
        case .uuid(let uuid): StoredText.format(uuid)
        case .null, .bool, .int, .double, .text, .blob, .duration, .json, .array, .range: ""
        }
    }

    private static func withBytes(
        _ bytes: [UInt8],
        _ body: (UnsafeBufferPointer<UInt8>) throws(DecodingFailure) -> Void
    ) throws(DecodingFailure) {
        let result = bytes.withUnsafeBufferPointer { buffer in
            Result { () throws(DecodingFailure) in try body(buffer) }
        }
        try result.get()
    }
}
