internal import Bytes

/// A JSON value as it was written: members keep their order, numbers keep the text that they were written with.
public enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// A number by its text, so that 64-bit integers and floats both come out as they were written.
  case number(String)
  case string(String)
  case array([JSONValue])
  /// An array whose elements are made when they are asked for.
  case sequence(JSONSequence)
  /// Members in the order of the text; a key that was written twice stands twice.
  case object([Member])

  /// A key and its value.
  public struct Member: Equatable, Sendable {
    /// The key.
    public var key: String
    /// The value.
    public var value: JSONValue

    /// A member from its parts.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }
}

extension JSONValue {
  /// The number `value`; non-finite ones become the strings "NaN", "Infinity" and "-Infinity", which JSON lacks.
  public static func number(_ value: Double) -> JSONValue {
    if value.isNaN { return .string("NaN") }
    if value.isInfinite { return .string(value < 0 ? "-Infinity" : "Infinity") }
    if value == value.rounded(), abs(value) < 1e15 { return .number(String(Int64(clamping: value))) }
    return .number(value.description)
  }

  /// The number `value`.
  public static func number(_ value: some FixedWidthInteger) -> JSONValue { .number(value.description) }

  /// An object from its members in their order.
  public static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(members.map { Member($0.key, $0.value) })
  }

  /// The value of the last member `key` of an object, as Python's `json` resolves duplicates; nil otherwise.
  ///
  /// - Complexity: O(members).
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }

  /// The number, also where Python wrote `NaN` or `Infinity`; nil for what is not a number.
  public var double: Double? {
    guard case .number(let text) = self else { return nil }
    return Self.nonFinite(text) ?? Double(text)
  }

  /// The number, also where one that is none is a string, as `number(_:)` and trackers write it.
  public var doubleOrWord: Double? { double ?? string.flatMap(Self.nonFinite) }

  private static func nonFinite(_ text: String) -> Double? {
    switch text {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: nil
    }
  }

  /// The number, where it is written as an integer that fits, or as a float with a whole value that fits.
  public var int64: Int64? {
    guard case .number(let text) = self else { return nil }
    return Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
  }

  /// The string.
  public var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The truth value.
  public var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// The elements of an array.
  public var array: [JSONValue]? {
    switch self {
    case .array(let elements): return elements
    case .sequence(let sequence): return sequence.elements
    default: return nil
    }
  }

  /// The members of an object.
  public var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }
}
