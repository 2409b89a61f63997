/// What is sent together of one round of an event loop.
final class ReadBatch {
    var reads: [SharedRead] = []
    var writes: [SharedRead] = []

    func add(_ read: SharedRead) {
        if read.writes { writes.append(read) } else { reads.append(read) }
    }

    /// What is sent at once, with no more statements than that.
    func parts(maxRead: Int, maxWritten: Int) -> [[SharedRead]] {
        // By itself one is run as it would be without others: it can be cancelled then.
        if writes.count == 1 { writes.removeFirst().end() }
        var parts: [[SharedRead]] = []
        var rest = reads[...]
        while !rest.isEmpty {
            let part = rest.first(withStatements: maxRead)
            parts.append(part)
            rest.removeFirst(part.count)
        }
        // Of sizes that are alike: none is left alone.
        let count = (writes.count + maxWritten - 1) / maxWritten
        for part in 0..<count {
            let bounds = (writes.count * part / count)..<(writes.count * (part + 1) / count)
            parts.append(Array(writes[bounds]))
        }
        return parts
    }
}
