/// The forms in which PostgreSQL sends values: big-endian, and counted from the year 2000.
enum Wire {
    /// 1 January 2000, in days since 1970.
    static let daysTo2000 = 10_957
    /// The beginning of 2000, in microseconds since that of 1970.
    static let microsecondsTo2000 = 946_684_800_000_000
    private static let microsecondsPerDay = 86_400_000_000

    static func int16(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int16 {
        guard bytes.count >= offset + 2 else { return 0 }
        return Int16(bitPattern: UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1]))
    }

    static func int32(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int = 0) -> Int32 {
        guard bytes.count >= offset + 4 else { return 0 }
        return Int32(
            bigEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(
                fromByteOffset: offset,
                as: Int32.self
            )
        )
    }

    static func int64(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64 {
        guard bytes.count >= 8 else { return 0 }
        return Int64(bigEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(as: Int64.self))
    }

    /// The double that people mean by a float: that of its shortest text.
    static func widened(_ number: Float) -> Double {
        number.isFinite ? Double(number.description) ?? Double(number) : Double(number)
    }

    /// Microseconds of an interval, whose months have 30 days and whose years have 365, as Django's
    /// client reads them; nil where they do not fit.
    static func interval(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard bytes.count == 16 else { return nil }
        return microseconds(
            months: Int(int32(bytes, at: 12)),
            days: Int(int32(bytes, at: 8)),
            clock: Int(int64(bytes))
        )
    }

    static func microseconds(months: Int, days: Int, clock: Int) -> Int? {
        var allDays = days + months / 12 * 365 + months % 12 * 30
        var clock = clock
        if allDays < 0, clock > 0 {
            // Together they may fit where the days alone do not.
            allDays += 1
            clock -= microsecondsPerDay
        }
        let (product, overflows) = allDays.multipliedReportingOverflow(by: microsecondsPerDay)
        let (sum, sumOverflows) = product.addingReportingOverflow(clock)
        return overflows || sumOverflows ? nil : sum
    }

    /// The decimal digits of a `numeric`, which is sent in groups of four.
    static func digits(
        of bytes: UnsafeBufferPointer<UInt8>,
        in scratch: ScratchBytes
    ) -> UnsafeBufferPointer<UInt8> {
        let groupCount = Int(int16(bytes, at: 0))
        let weight = Int(int16(bytes, at: 2))
        let sign = UInt16(bitPattern: int16(bytes, at: 4))
        let scale = Int(int16(bytes, at: 6))
        guard bytes.count >= 8 + 2 * groupCount, groupCount >= 0, scale >= 0 else {
            return scratch.copy("NaN".utf8)
        }
        switch sign {
        case 0, 0x4000: break
        case 0xD000: return scratch.copy("infinity".utf8)
        case 0xF000: return scratch.copy("-infinity".utf8)
        default: return scratch.copy("NaN".utf8)
        }
        func group(_ index: Int) -> Int {
            guard index >= 0, index < groupCount else { return 0 }
            return Int(UInt16(bitPattern: int16(bytes, at: 8 + 2 * index)))
        }
        let room = scratch.room(2 + 4 * (max(weight, 0) + 1) + scale + 4)
        var count = 0
        func append(_ byte: UInt8) {
            room[count] = byte
            count += 1
        }
        func digit(_ group: Int, _ place: Int) -> UInt8 {
            let divisor = place == 0 ? 1000 : place == 1 ? 100 : place == 2 ? 10 : 1
            return UInt8(ascii: "0") + UInt8(truncatingIfNeeded: group / divisor % 10)
        }
        if sign == 0x4000 { append(UInt8(ascii: "-")) }
        let start = count
        for index in 0..<(max(weight, -1) + 1) {
            let value = group(index)
            for place in 0..<4 {
                let byte = digit(value, place)
                // Zeros in front of the first digit are left out.
                if count > start || byte != UInt8(ascii: "0") { append(byte) }
            }
        }
        if count == start { append(UInt8(ascii: "0")) }
        if scale > 0 {
            append(UInt8(ascii: "."))
            for place in 0..<scale { append(digit(group(weight + 1 + place / 4), place % 4)) }
        }
        return UnsafeBufferPointer(rebasing: room[0..<count])
    }

    /// The bytes of `\x0aff`.
    static func unhex(
        _ text: UnsafeBufferPointer<UInt8>,
        in scratch: ScratchBytes
    ) -> UnsafeBufferPointer<UInt8> {
        let digits = text.dropFirst(2)
        let room = scratch.room(digits.count / 2)
        var position = digits.startIndex
        for index in 0..<room.count {
            room[index] = nibble(digits[position]) << 4 | nibble(digits[position + 1])
            position += 2
        }
        return UnsafeBufferPointer(room)
    }

    private static func nibble(_ byte: UInt8) -> UInt8 {
        byte < 0x3A ? byte & 15 : (byte & 15) + 9
    }
}

/// Intervals in the text form that PostgreSQL calls its own.
enum IntervalText {
    /// Microseconds of `1 year 2 mons -3 days 04:05:06.5`; nil for anything else.
    static func microseconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var (months, days, clock) = (0, 0, 0)
        let words = bytes.split(separator: 0x20)
        var index = 0
        while index < words.count {
            if words[index].contains(UInt8(ascii: ":")) {
                guard let value = time(words[index]) else { return nil }
                clock = value
                index += 1
                continue
            }
            guard index + 1 < words.count,
                let number = Int(String(decoding: words[index], as: UTF8.self)),
                abs(number) < 1_000_000_000
            else { return nil }
            switch words[index + 1].first {
            case UInt8(ascii: "y"): months += 12 * number
            case UInt8(ascii: "m"): months += number
            case UInt8(ascii: "d"): days += number
            default: return nil
            }
            index += 2
        }
        return Wire.microseconds(months: months, days: days, clock: clock)
    }

    /// Microseconds of `-04:05:06.5`; there may be any number of hours.
    private static func time(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        var rest = text
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var fraction = 0
        if let point = rest.firstIndex(of: UInt8(ascii: ".")) {
            var digits = Array(rest[rest.index(after: point)...].prefix(6))
            while digits.count < 6 { digits.append(UInt8(ascii: "0")) }
            fraction = Int(String(decoding: digits, as: UTF8.self)) ?? 0
            rest = rest[..<point]
        }
        let parts = rest.split(separator: UInt8(ascii: ":")).compactMap {
            Int(String(decoding: $0, as: UTF8.self))
        }
        guard parts.count == 3, (0..<1_000_000_000).contains(parts[0]),
            (0..<60).contains(parts[1]), (0..<62).contains(parts[2])
        else { return nil }
        let seconds = (parts[0] * 60 + parts[1]) * 60 + parts[2]
        let value = seconds * 1_000_000 + fraction
        return isNegative ? -value : value
    }
}
