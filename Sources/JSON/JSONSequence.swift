/// The elements of an array that are made one by one: of a hundred thousand rows the text alone would fill memory, and
/// as values each takes several times its text.
public struct JSONSequence: Sendable {
  /// The number of elements.
  public let count: Int
  private let element: @Sendable (Int) -> JSONValue

  /// The elements `element(0)`, `element(1)` … `element(count - 1)`.
  public init(count: Int, _ element: @escaping @Sendable (Int) -> JSONValue) {
    self.count = count
    self.element = element
  }

  /// The element at `index`, made anew.
  public subscript(index: Int) -> JSONValue { element(index) }

  /// All of them.
  public var elements: [JSONValue] { (0..<count).map(element) }
}

extension JSONSequence: Equatable {
  /// Whether both make the same elements.
  public static func == (one: JSONSequence, other: JSONSequence) -> Bool {
    one.count == other.count && (0..<one.count).allSatisfy { one[$0] == other[$0] }
  }
}

extension JSONValue {
  /// An array of what `transform` makes of each of `elements`, when it is written.
  public static func array<Element: Sendable>(
    of elements: [Element], _ transform: @escaping @Sendable (Element) -> JSONValue
  ) -> JSONValue {
    .sequence(JSONSequence(count: elements.count) { transform(elements[$0]) })
  }
}
