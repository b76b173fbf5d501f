/// A text that is the same as another only where their bytes are.
///
/// `String` takes an é of one scalar for an e with an accent behind it; a file system has two names in them.
public struct ExactText: Hashable, Sendable {
  /// The text.
  public let text: String

  /// The text as it is, byte for byte.
  public init(_ text: String) { self.text = text }

  /// Whether both have the same bytes.
  public static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  /// Adds the bytes.
  public func hash(into hasher: inout Hasher) {
    var text = text
    unsafe text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
