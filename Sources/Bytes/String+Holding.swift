extension String {
  /// Whether the bytes of `part` stand in it somewhere.
  ///
  /// The names of tensors, tags and files are bytes. The standard library's `contains` compares characters, whatever
  /// scalars they are made of, and takes microseconds for a name.
  ///
  /// - Complexity: O(bytes · bytes of `part`).
  public func holds(_ part: String) -> Bool {
    let (bytes, wanted) = (utf8.span, part.utf8.span)
    guard !wanted.isEmpty else { return true }
    guard bytes.count >= wanted.count else { return false }
    for start in 0...(bytes.count - wanted.count) where bytes[start] == wanted[0] {
      var length = 1
      while length < wanted.count, bytes[start + length] == wanted[length] { length += 1 }
      if length == wanted.count { return true }
    }
    return false
  }
}
