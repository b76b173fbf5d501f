internal import Bytes
internal import FileSystem

/// Some of a tensor's elements, a box of them, and where they stand.
struct TensorPiece: Sendable {
  /// The number of the file, in its source's list.
  var file: Int
  /// The offset of the first element in the file.
  var byteOffset: Int
  /// The distances between neighbours along each axis in the file, in elements; nil where the elements of the piece
  /// stand one after another, row-major.
  var strides: [Int]?
  /// The place of the piece's first element in the tensor.
  var origin: [Int]
  /// The extents of the piece.
  var extents: [Int]
}

/// A run of a tensor's elements, counted row-major as if it were flat, and where they stand.
struct TensorRun: Sendable {
  var file: Int
  var byteOffset: Int
  /// The number of the first element; with a slab, in the part.
  var start: Int
  var elementCount: Int
  /// Where the elements are of a part that goes to some columns of the tensor.
  var slab: Slab?

  /// A part and the tensor both seen as rows: some columns of the one are some columns of the other.
  struct Slab: Equatable, Sendable {
    /// The elements in a row of the part.
    var rowCount: Int
    /// The columns of the part that are taken.
    var columns: Range<Int>
    /// The elements in a row of the tensor.
    var wholeRowCount: Int
    /// The column of the tensor that the first of them is.
    var origin: Int
  }
}

/// How a tensor's elements are spread over files.
enum TensorLayout: Sendable {
  /// All of them in one place, row-major.
  case contiguous(file: Int, byteOffset: Int)
  case runs([TensorRun])
  case pieces([TensorPiece])
}

extension TensorLayout {
  /// The pieces as one layout, simplified where one piece is the whole tensor in order.
  init(pieces: [TensorPiece], shape: [Int]) {
    if pieces.count == 1, pieces[0].strides == nil, pieces[0].extents == shape {
      self = .contiguous(file: pieces[0].file, byteOffset: pieces[0].byteOffset)
    } else {
      self = .pieces(pieces)
    }
  }

  /// The first place of the tensor: the number of its file and the offset, and how many places there are.
  var place: (file: Int, byteOffset: Int, count: Int) {
    switch self {
    case .contiguous(let file, let offset): (file, offset, 1)
    case .runs(let runs): (runs.first?.file ?? 0, runs.first?.byteOffset ?? 0, runs.count)
    case .pieces(let pieces): (pieces.first?.file ?? 0, pieces.first?.byteOffset ?? 0, pieces.count)
    }
  }
}

/// Puts tensors together from where their elements stand.
struct TensorAssembler {
  let files: [MappedFile]

  /// Hands the elements of a tensor to `body`, in place where they stand in order, else from a buffer.
  ///
  /// The layout must lie within the files: the formats prove that when they are opened.
  func withBytes<Result>(
    of tensor: TensorDescription, _ layout: TensorLayout,
    _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    if case .contiguous(let file, let offset) = layout {
      let range = try range(file, offset, tensor.byteCount)
      let mapped = files[file]
      return try body(mapped.bytes.extracting(range))
    }
    var buffer = [UInt8](repeating: 0, count: tensor.byteCount)
    switch layout {
    case .contiguous: break
    case .runs(let runs):
      let size = tensor.elementType.bitWidth / 8
      for run in runs {
        let range = try range(run.file, run.byteOffset, run.elementCount * size)
        let mapped = files[run.file]
        guard let slab = run.slab else {
          buffer.overwrite(at: run.start * size, with: mapped.bytes.extracting(range))
          continue
        }
        var position = run.start
        while position < run.start + run.elementCount {
          let (row, column) = position.quotientAndRemainder(dividingBy: slab.rowCount)
          let end = min(run.start + run.elementCount, (row + 1) * slab.rowCount)
          let taken = (column..<column + end - position).clamped(to: slab.columns)
          if !taken.isEmpty {
            let source = run.byteOffset + (row * slab.rowCount + taken.lowerBound - run.start) * size
            let target = row * slab.wholeRowCount + slab.origin + taken.lowerBound - slab.columns.lowerBound
            buffer.overwrite(
              at: target * size, with: mapped.bytes.extracting(source..<source + taken.count * size))
          }
          position = end
        }
      }
    case .pieces(let pieces):
      for piece in pieces { try copy(piece, of: tensor, to: &buffer) }
    }
    return try unsafe body(buffer.span.bytes)
  }

  /// The bytes of the file that so many bytes from `offset` on are.
  private func range(_ file: Int, _ offset: Int, _ count: Int) throws(CheckpointError) -> Range<Int> {
    guard offset >= 0, count >= 0, offset <= files[file].count, count <= files[file].count - offset else {
      throw CheckpointError(
        .structure("a tensor reaches beyond the file"), path: files[file].path, offset: offset)
    }
    return offset..<offset + count
  }

  /// Copies the piece's elements to their places in the whole tensor's bytes.
  private func copy(
    _ piece: TensorPiece, of tensor: TensorDescription, to buffer: inout [UInt8]
  ) throws(CheckpointError) {
    guard !piece.extents.contains(0) else { return }
    let size = tensor.elementType.bitWidth / 8
    let sourceStrides = piece.strides ?? rowMajorStrides(piece.extents)
    let targetStrides = rowMajorStrides(tensor.shape)
    // The innermost axes that stand in order on both sides are copied at once.
    var runCount = 1
    var inner = piece.extents.count
    while inner > 0, sourceStrides[inner - 1] == runCount || piece.extents[inner - 1] == 1,
      targetStrides[inner - 1] == runCount || piece.extents[inner - 1] == 1
    {
      inner -= 1
      runCount *= piece.extents[inner]
    }
    var target = zip(piece.origin, targetStrides).reduce(0) { $0 + $1.0 * $1.1 }
    var source = 0
    var position = Array(repeating: 0, count: inner)
    // Without such axes, the last one is gathered element by element.
    let gathers = inner == piece.extents.count && inner > 0 && targetStrides[inner - 1] == 1
    let lastStride = gathers ? sourceStrides[inner - 1] : 1
    let count = gathers ? piece.extents[inner - 1] : runCount
    let axes = gathers ? inner - 1 : inner
    let span = ((count - 1) * lastStride + 1) * size
    let mapped = files[piece.file]
    while true {
      let range = try range(piece.file, piece.byteOffset + source * size, span)
      let bytes = mapped.bytes.extracting(range)
      if gathers {
        buffer.overwrite(
          at: target * size, with: bytes, elementCount: count, elementSize: size, stride: lastStride * size)
      } else {
        buffer.overwrite(at: target * size, with: bytes)
      }
      var axis = axes - 1
      while axis >= 0 {
        position[axis] += 1
        source += sourceStrides[axis]
        target += targetStrides[axis]
        if position[axis] < piece.extents[axis] { break }
        source -= position[axis] * sourceStrides[axis]
        target -= position[axis] * targetStrides[axis]
        position[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

/// The distances between neighbours along each axis of a tensor whose elements stand one after another.
func rowMajorStrides(_ shape: [Int]) -> [Int] {
  var strides = Array(repeating: 1, count: shape.count)
  var product = 1
  for axis in shape.indices.reversed() {
    strides[axis] = product
    product &*= max(shape[axis], 1)
  }
  return strides
}

/// Tensors with known layouts over some files.
struct AssembledSource: TensorSource {
  let tensors: [TensorDescription]
  let layouts: [TensorLayout]
  let files: [MappedFile]

  func location(ofTensorAt index: Int) -> TensorLocation {
    let place = layouts[index].place
    return TensorLocation(file: files[place.file].path, offset: place.byteOffset, pieceCount: place.count)
  }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    try TensorAssembler(files: files).withBytes(of: tensors[index], layouts[index], body)
  }

  func checkUnchanged() throws(CheckpointError) { try files.checkUnchanged() }

  func release(tensorAt index: Int, bytes: Range<Int>) {
    guard case .contiguous(let file, let offset) = layouts[index] else { return }
    files[file].release(offset + bytes.lowerBound..<offset + bytes.upperBound)
  }

  func release(tensorAt index: Int) {
    let size = tensors[index].elementType.bitWidth
    switch layouts[index] {
    case .contiguous(let file, let offset):
      files[file].release(offset..<offset + tensors[index].byteCount)
    case .runs(let runs):
      for run in runs {
        files[run.file].release(run.byteOffset..<run.byteOffset + run.elementCount * size / 8)
      }
    case .pieces(let pieces):
      for piece in pieces where piece.strides == nil {
        let count = piece.extents.reduce(1, &*)
        files[piece.file].release(piece.byteOffset..<piece.byteOffset + count * size / 8)
      }
    }
  }
}
