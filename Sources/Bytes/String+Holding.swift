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

  /// Whether the bytes of `part` stand at `offset`, the start of the string if nothing else is said.
  public func begins(with part: String, at offset: Int = 0) -> Bool {
    let (bytes, wanted) = (utf8.span, part.utf8.span)
    guard bytes.count - offset >= wanted.count else { return false }
    var length = 0
    while length < wanted.count, bytes[offset + length] == wanted[length] { length += 1 }
    return length == wanted.count
  }

  /// Whether the string ends with the bytes of `part`.
  public func ends(with part: String) -> Bool {
    utf8.count >= part.utf8.count && begins(with: part, at: utf8.count - part.utf8.count)
  }
}
