/// Finds names among many by their places: four bytes a slot beside the names themselves, which it does not keep.
package struct NameIndex: Sendable {
  /// One more than the place of a name, 0 for none; at most half of them are taken.
  private var slots: [UInt32]

  /// An index of `count` names that `name` gives by their places; of equal ones the first is found.
  ///
  /// - Complexity: O(count).
  package init(count: Int, _ name: (Int) -> String) {
    var size = 2
    while size < 2 * count { size *= 2 }
    slots = [UInt32](repeating: 0, count: size)
    for place in 0..<count {
      let slot = slot(of: name(place), name)
      if slots[slot] == 0 { slots[slot] = UInt32(place + 1) }
    }
  }

  /// The place of `wanted`; nil where it is none of the names, which `name` gives.
  package func place(of wanted: String, _ name: (Int) -> String) -> Int? {
    let taken = slots[slot(of: wanted, name)]
    return taken == 0 ? nil : Int(taken) - 1
  }

  /// The slot that holds `wanted`, or would.
  private func slot(of wanted: String, _ name: (Int) -> String) -> Int {
    var slot = wanted.hashValue & (slots.count - 1)
    while slots[slot] != 0, name(Int(slots[slot]) - 1) != wanted { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }
}
