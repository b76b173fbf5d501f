/// Several sources as one, each with some of the tensors: the shards of a checkpoint.
struct JoinedSource: TensorSource {
  let tensors: [TensorDescription]
  private let parts: [any TensorSource]
  private let places: [(part: Int, index: Int)]

  /// Joins `parts`, in their order.
  ///
  /// - Throws: `CheckpointError` with the fault `tensorInTwoFiles` where two parts hold a tensor of one name.
  init(_ parts: [any TensorSource]) throws(CheckpointError) {
    var tensors: [TensorDescription] = []
    var places: [(part: Int, index: Int)] = []
    var seen: [String: Int] = [:]
    for (part, source) in parts.enumerated() {
      for (index, tensor) in source.tensors.enumerated() {
        if let first = seen.updateValue(places.count, forKey: tensor.name) {
          let other = parts[places[first].part].location(ofTensorAt: places[first].index)
          throw CheckpointError(
            .tensorInTwoFiles(tensor.name, other: other.file),
            path: source.location(ofTensorAt: index).file)
        }
        tensors.append(tensor)
        places.append((part, index))
      }
    }
    self.parts = parts
    self.tensors = tensors
    self.places = places
  }

  func location(ofTensorAt index: Int) -> TensorLocation {
    parts[places[index].part].location(ofTensorAt: places[index].index)
  }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    try parts[places[index].part].withBytes(ofTensorAt: places[index].index, body)
  }

  func checkUnchanged() throws(CheckpointError) {
    for part in parts { try part.checkUnchanged() }
  }

  func release(tensorAt index: Int) {
    parts[places[index].part].release(tensorAt: places[index].index)
  }

  func release(tensorAt index: Int, bytes: Range<Int>) {
    parts[places[index].part].release(tensorAt: places[index].index, bytes: bytes)
  }
}
