/// A first-in, first-out queue whose removal at the front costs a constant time on average.
struct WaiterQueue<Element> {
    private var elements: [Element?] = []
    private var head = 0

    /// How many elements there are.
    var count: Int { elements.count - head }

    var first: Element? { head < elements.count ? elements[head] : nil }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head]
        elements[head] = nil
        head += 1
        dropRemoved()
        return element
    }

    mutating func removeFirst(where matches: (Element) -> Bool) -> Element? {
        let index = elements[head...].firstIndex { $0.map(matches) ?? false }
        guard let index else { return nil }
        return elements.remove(at: index)
    }

    private mutating func dropRemoved() {
        if head == elements.count {
            elements.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 64 && head * 2 > elements.count {
            elements.removeFirst(head)
            head = 0
        }
    }
}
