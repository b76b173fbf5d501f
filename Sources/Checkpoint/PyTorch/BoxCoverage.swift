internal import Bytes

/// Whether boxes make up a whole tensor, each element exactly once.
enum BoxCoverage {
  /// What is wrong with the boxes.
  enum Fault: Error, Equatable, CustomStringConvertible {
    case outside
    case overlap
    case hole(covered: Int, of: Int)
    case overflow

    var description: String {
      switch self {
      case .outside: "a part reaches beyond the tensor"
      case .overlap: "two parts overlap"
      case .hole(let covered, let count):
        "the parts cover \(Thousands.text(covered)) of \(Thousands.text(count)) elements"
      case .overflow: "the extents overflow"
      }
    }
  }

  typealias Box = (origin: [Int], extents: [Int])

  /// - Complexity: O(boxes · log boxes) for boxes cut along the first axis, O(boxes²) at worst.
  static func check(_ boxes: [Box], shape: [Int]) throws(Fault) {
    guard let whole = shape.checkedProduct() else { throw .overflow }
    var covered = 0
    for box in boxes {
      guard box.origin.count == shape.count, box.extents.count == shape.count else { throw .outside }
      for (axis, extent) in shape.enumerated() {
        guard box.origin[axis] >= 0, box.extents[axis] >= 0, box.origin[axis] <= extent,
          box.extents[axis] <= extent - box.origin[axis]
        else { throw .outside }
      }
      guard let volume = box.extents.checkedProduct(), let sum = covered.checkedAdd(volume) else {
        throw .overflow
      }
      covered = sum
    }
    guard covered == whole else { throw covered > whole ? .overlap : .hole(covered: covered, of: whole) }
    guard !shape.isEmpty, whole > 0 else {
      guard boxes.count <= 1 || whole == 0 else { throw .overlap }
      return
    }
    let sorted = boxes.filter { !$0.extents.contains(0) }.sorted { $0.origin[0] < $1.origin[0] }
    for (index, box) in sorted.enumerated() {
      for other in sorted[(index + 1)...] {
        if other.origin[0] >= box.origin[0] + box.extents[0] { break }
        let meets = shape.indices.allSatisfy { axis in
          other.origin[axis] < box.origin[axis] + box.extents[axis]
            && box.origin[axis] < other.origin[axis] + other.extents[axis]
        }
        guard !meets else { throw .overlap }
      }
    }
  }
}
