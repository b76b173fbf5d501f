/// Why a text is not JSON, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was broken.
  public enum Reason: Equatable, Sendable {
    /// The text ended inside of a value.
    case unexpectedEnd
    /// A byte that cannot stand here; the text says what was expected.
    case unexpected(UInt8, expected: String)
    /// Text after the value.
    case trailingText
    /// A number that RFC 8259 does not allow, such as `01` or `1.`.
    case invalidNumber
    /// `NaN` or an infinity where the dialect does not allow them.
    case nonFiniteNumber
    /// A control character, an unknown escape, a lone surrogate or bytes that are not UTF-8 in a string.
    case invalidString
    /// More arrays and objects within each other than the limit.
    case tooDeep(limit: Int)
    /// More values than the limit.
    case tooMany(limit: Int)
  }

  /// What was broken.
  public let reason: Reason
  /// The offset of the byte at fault from the start of the text.
  public let offset: Int

  /// An error from its parts.
  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// `byte 12: unexpected "x", expected a value`.
  public var description: String { "byte \(offset): \(reasonText)" }

  /// The reason in words, without its place.
  public var reasonText: String {
    switch reason {
    case .unexpectedEnd: "the text ends inside of a value"
    case .unexpected(let byte, let expected): "unexpected \(Self.quote(byte)), expected \(expected)"
    case .trailingText: "text after the end of the value"
    case .invalidNumber: "not a JSON number"
    case .nonFiniteNumber: "a non-finite number, which JSON does not have"
    case .invalidString: "not a valid string"
    case .tooDeep(let limit): "more than \(limit) levels of arrays and objects"
    case .tooMany(let limit): "more than \(limit) values"
    }
  }

  private static func quote(_ byte: UInt8) -> String {
    0x20 <= byte && byte < 0x7f
      ? "\"\(Character(Unicode.Scalar(byte)))\"" : "byte 0x\(String(byte, radix: 16))"
  }
}
