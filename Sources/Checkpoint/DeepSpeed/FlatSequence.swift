internal import Bytes

/// Flat tensors one after another, as if they were one: what a rank, or all ranks together, hold of a group of
/// parameters.
struct FlatSequence: Sendable {
  private struct Part {
    var file: Int
    var byteOffset: Int
    /// The number of the part's first element in the sequence.
    var start: Int
    var count: Int
  }

  private var parts: [Part] = []
  /// The elements of all parts together.
  private(set) var count = 0
  /// The type of the elements; nil as long as there are none.
  private(set) var elementType: ElementType?

  /// Adds a flat tensor of the file `number`.
  ///
  /// - Returns: false where it is not flat, or of another type than those before.
  mutating func append(_ tensor: PyTorchTensor, file number: Int) -> Bool {
    guard tensor.strides == nil, tensor.shape.count == 1,
      elementType == nil || elementType == tensor.elementType,
      let sum = count.checkedAdd(tensor.shape[0])
    else { return false }
    elementType = tensor.elementType
    parts.append(Part(file: number, byteOffset: tensor.byteOffset, start: count, count: tensor.shape[0]))
    count = sum
    return true
  }

  /// Where `count` elements from number `start` on stand; nil where there are not so many.
  ///
  /// - Parameter target: the number of the first of them in the tensor they belong to.
  /// - Complexity: O(log parts + runs).
  func runs(from start: Int, count: Int, target: Int = 0) -> [TensorRun]? {
    guard start >= 0, count >= 0, start <= self.count, count <= self.count - start, let elementType else {
      return count == 0 ? [] : nil
    }
    let size = elementType.bitWidth / 8
    var runs: [TensorRun] = []
    var low = 0
    var high = parts.count
    while low < high {
      let middle = (low + high) / 2
      if parts[middle].start + parts[middle].count <= start { low = middle + 1 } else { high = middle }
    }
    var position = start
    while position < start + count {
      let part = parts[low]
      let skipped = position - part.start
      let taken = min(part.count - skipped, start + count - position)
      if taken > 0 {
        runs.append(
          TensorRun(
            file: part.file, byteOffset: part.byteOffset + skipped * size, start: target + position - start,
            elementCount: taken))
      }
      position += taken
      low += 1
    }
    return runs
  }
}

extension TensorLayout {
  /// Runs as one layout, simplified where they are one.
  init(runs: [TensorRun]) {
    if runs.count == 1, runs[0].start == 0 {
      self = .contiguous(file: runs[0].file, byteOffset: runs[0].byteOffset)
    } else {
      self = .runs(runs)
    }
  }
}
