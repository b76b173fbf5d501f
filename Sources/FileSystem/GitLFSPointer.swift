internal import Bytes

/// The text that stands in a clone where Git LFS did not download the file
/// (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
package struct GitLFSPointer: Equatable {
  /// The size of the real file, where the pointer tells it.
  package let size: Int?

  private static let signature = Array("version https://git-lfs".utf8)
  /// A pointer is shorter than this, by the specification.
  private static let limit = 1024

  /// The pointer that a file begins with; nil where `head` begins with something else.
  package init?(_ head: RawSpan) {
    var reader = ByteReader(head)
    guard Self.signature.allSatisfy({ reader.byte() == $0 }) else { return nil }
    let text = head.extracting(0..<min(head.byteCount, Self.limit)).repairedText()
    let line = text.split(separator: "\n").first { $0.hasPrefix("size ") }
    size = line.flatMap { Int($0.dropFirst(5)) }
  }
}
