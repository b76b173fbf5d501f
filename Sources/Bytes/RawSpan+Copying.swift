extension RawSpan {
  /// The bytes in an array of their own.
  ///
  /// - Complexity: O(bytes).
  public func copied() -> [UInt8] {
    unsafe withUnsafeBytes { unsafe Array($0) }
  }

  /// The bytes as UTF-8 text, every ill-formed sequence replaced by U+FFFD.
  ///
  /// - Complexity: O(bytes).
  public func repairedText() -> String {
    unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }
}
