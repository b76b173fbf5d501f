/// The tags of a file, numbered in order of first appearance, found again by their bytes.
///
/// Writers write their tags in rounds, so the tag that came after this one the last time is tried first; only when
/// another one comes is the table searched.
struct TagTable {
  /// What is known about a tag.
  struct Entry {
    var name: String
    /// What its values are, in the order of first appearance: of one kind, unless a writer has the same name for
    /// several.
    var kinds: [TagKind] = []
    /// The index of the kind of its numbers, or -1.
    var numbers = -1
    /// Whether the first number came as a tensor without metadata, so that metadata in an earlier file say what it is.
    var isBare = false
  }

  /// What is needed of a tag for every value.
  struct Key {
    fileprivate var start: Int
    fileprivate var count: Int
    fileprivate var hash: Int
    fileprivate var next: Int
    /// The number of values of the tag.
    var valueCount = 0
    /// The index of the tag's series, or -1.
    var series = -1
  }

  private(set) var entries: [Entry] = []
  /// As many as `entries`.
  private(set) var keys: [Key] = []
  private var bytes: [UInt8] = []
  /// Open addressing: the index of a key and one more, 0 for a free slot.
  private var slots = [Int32](repeating: 0, count: 64)
  private var last = -1

  /// The entry at `index`, to be changed in place.
  subscript(index: Int) -> Entry {
    _read { yield entries[index] }
    _modify { yield &entries[index] }
  }

  /// Counts a value of the tag at `index`.
  @inline(__always)
  mutating func count(_ index: Int) { keys[index].valueCount &+= 1 }

  /// Notes the index of the series of the tag at `index`.
  mutating func setSeries(_ series: Int, _ index: Int) { keys[index].series = series }

  /// The index of the tag with the bytes of `tag`, added where it is new.
  ///
  /// - Complexity: O(length of the tag), with hashing where the tag is not the expected one.
  @inline(__always)
  mutating func index(of tag: RawSpan) -> Int {
    if last >= 0 {
      let expected = keys[last].next
      if expected >= 0, matches(expected, tag) {
        last = expected
        return expected
      }
    }
    return search(for: tag)
  }

  /// The most bytes of a tag: names of tensors have hundreds.
  static let longest = 1 << 16

  /// `tag`, or as much of its start as a tag may have, in whole characters of UTF-8.
  @_lifetime(copy tag)
  static func cut(_ tag: RawSpan) -> RawSpan {
    guard tag.byteCount > longest else { return tag }
    var end = longest
    while end > longest - 3, unsafe tag.unsafeLoad(fromByteOffset: end, as: UInt8.self) & 0xC0 == 0x80 {
      end -= 1
    }
    return tag.extracting(0..<end)
  }

  /// Whether the bytes of `tag` are valid UTF-8, as a text field of a message has to be.
  static func isText(_ tag: RawSpan) -> Bool {
    unsafe tag.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) } != nil
  }

  @inline(__always)
  private func matches(_ index: Int, _ tag: RawSpan) -> Bool {
    let key = keys[index]
    guard key.count == tag.byteCount else { return false }
    let own = unsafe bytes.span.bytes.extracting(key.start..<key.start + key.count)
    var offset = 0
    if key.count >= 8 {
      // The last eight bytes first, so that what is left of the others is whole words; tags differ at their ends.
      let end = key.count &- 8
      guard
        unsafe own.unsafeLoadUnaligned(fromByteOffset: end, as: UInt64.self)
          == tag.unsafeLoadUnaligned(fromByteOffset: end, as: UInt64.self)
      else { return false }
      while offset < end {
        guard
          unsafe own.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            == tag.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        else { return false }
        offset &+= 8
      }
      return true
    }
    while offset < key.count {
      guard
        unsafe own.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
          == tag.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      else { return false }
      offset += 1
    }
    return true
  }

  @inline(never)
  private mutating func search(for tag: RawSpan) -> Int {
    var hasher = Hasher()
    unsafe tag.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    let hash = hasher.finalize()
    var slot = hash & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if keys[index].hash == hash, matches(index, tag) {
        follow(with: index)
        return index
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let index = keys.count
    keys.append(Key(start: bytes.count, count: tag.byteCount, hash: hash, next: -1))
    unsafe tag.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    // Bytes that are not UTF-8 are replaced, never refused.
    let name = unsafe tag.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    entries.append(Entry(name: name))
    slots[slot] = Int32(truncatingIfNeeded: index + 1)
    if keys.count * 2 > slots.count { rehash() }
    follow(with: index)
    return index
  }

  private mutating func follow(with index: Int) {
    if last >= 0 { keys[last].next = index }
    last = index
  }

  private mutating func rehash() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for (index, key) in keys.enumerated() {
      var slot = key.hash & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(truncatingIfNeeded: index + 1)
    }
  }
}
