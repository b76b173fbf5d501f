internal import Bytes
public import Checkpoint
internal import FileSystem

/// A checkpoint as the weights that it stands for: in the place of codes and scales the values that they give.
///
/// Values are float32, codes times scales, before the rounding to the type that a library computes in. What cannot be
/// decoded keeps the bytes of its codes, which can be told apart and not measured.
public struct DecodedCheckpoint: Sendable {
  /// The checkpoint; its tensors have the names and shapes of the weights.
  public let checkpoint: Checkpoint
  /// What was quantised.
  public let quantized: [QuantizedTensor]
  /// The indices in `checkpoint.tensors` of codes that are not decoded.
  public let undecoded: Set<Int>

  /// The weights of `original`; itself where nothing is quantised.
  public init(_ original: Checkpoint) {
    quantized = original.quantizedTensors()
    guard !quantized.isEmpty else {
      checkpoint = original
      undecoded = []
      return
    }
    let source = DecodedSource(original, quantized)
    undecoded = source.undecoded
    checkpoint = Checkpoint(
      path: original.path, format: original.format, files: original.files, metadata: original.metadata,
      remarks: original.remarks, globals: original.globals,
      frozenNames: original.frozenNames, source: source)
  }

  /// The number of weights, those in codes counted as what they stand for.
  public var elementCount: Int {
    let codes = undecoded.reduce(0) { $0 + checkpoint.tensors[$1].elementCount }
    return checkpoint.elementCount - codes
      + quantized.reduce(0) { $0 + ($1.refusal == nil ? 0 : $1.elementCount) }
  }

  /// Weights that were quantised in one way.
  public struct Sum: Equatable, Sendable {
    /// The way.
    public var scheme: QuantizedTensor.Scheme
    /// How many weights there are.
    public var count: Int
    /// Their parameters.
    public var elementCount: Int
  }

  /// What was quantised, by the way, in order of first appearance.
  public var sums: [Sum] {
    var sums: [Sum] = []
    for tensor in quantized {
      if let place = sums.firstIndex(where: { $0.scheme == tensor.scheme }) {
        sums[place].count += 1
        sums[place].elementCount += tensor.elementCount
      } else {
        sums.append(Sum(scheme: tensor.scheme, count: 1, elementCount: tensor.elementCount))
      }
    }
    return sums
  }

  /// What was quantised how, and what was not decoded and why, in words.
  public var remarks: [String] {
    var groups: [(text: String, count: Int, elements: Int)] = []
    for tensor in quantized {
      let text =
        "in \(tensor.scheme)"
        + (tensor.refusal.map { ", not compared by value: \($0)" }
          ?? ", compared as the values they stand for")
      if let place = groups.firstIndex(where: { $0.text == text }) {
        groups[place].count += 1
        groups[place].elements += tensor.elementCount
      } else {
        groups.append((text, 1, tensor.elementCount))
      }
    }
    return groups.map { group in
      "\(group.count) \(group.count == 1 ? "weight" : "weights") (\(Thousands.text(group.elements)) parameters) \(group.text)"
    }
  }
}

/// The tensors of another source, with the codes among them decoded as they are asked for.
private struct DecodedSource: TensorSource {
  let tensors: [TensorDescription]
  let undecoded: Set<Int>
  private let original: Checkpoint
  private let places: [Place]

  private enum Place: Sendable {
    case stored(Int)
    case decoded(QuantizedTensor)
    case codes(Int)
  }

  init(_ original: Checkpoint, _ quantized: [QuantizedTensor]) {
    let parts = Set(quantized.flatMap(\.parts.values))
    let byCodes = Dictionary(quantized.map { ($0.codes, $0) }) { first, _ in first }
    var tensors: [TensorDescription] = []
    var places: [Place] = []
    var undecoded: Set<Int> = []
    for (index, tensor) in original.tensors.enumerated() where !parts.contains(index) {
      guard let weight = byCodes[index] else {
        tensors.append(tensor)
        places.append(.stored(index))
        continue
      }
      if weight.refusal == nil,
        let description = try? TensorDescription(
          name: weight.name, elementType: .float32, shape: weight.shape)
      {
        tensors.append(description)
        places.append(.decoded(weight))
      } else if let description = try? TensorDescription(
        name: weight.name, elementType: .uint8, shape: [tensor.byteCount])
      {
        undecoded.insert(tensors.count)
        tensors.append(description)
        places.append(.codes(index))
      }
    }
    self.original = original
    self.tensors = tensors
    self.places = places
    self.undecoded = undecoded
  }

  private func index(_ index: Int) -> Int {
    switch places[index] {
    case .stored(let index), .codes(let index): index
    case .decoded(let weight): weight.codes
    }
  }

  func location(ofTensorAt index: Int) -> TensorLocation { original.location(ofTensorAt: self.index(index)) }

  func isComputed(tensorAt index: Int) -> Bool {
    if case .decoded = places[index] { true } else { original.isComputed(tensorAt: self.index(index)) }
  }

  func checkUnchanged() throws(CheckpointError) { try original.checkUnchanged() }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    if case .decoded(let weight) = places[index] {
      return try decoded(weight, 0..<tensors[index].elementCount, body)
    }
    return try original.withBytes(ofTensorAt: self.index(index), body)
  }

  func withBytes<Result>(
    ofTensorAt index: Int, elements: Range<Int>, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    if case .decoded(let weight) = places[index] { return try decoded(weight, elements, body) }
    return try original.withBytes(ofTensorAt: self.index(index), elements: elements, body)
  }

  private func decoded<Result>(
    _ weight: QuantizedTensor, _ elements: Range<Int>, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    let values = try WeightDecoder(weight, original).values(elements)
    return try unsafe body(values.span.bytes)
  }

  func release(tensorAt index: Int) {
    original.release(tensorAt: self.index(index))
    guard case .decoded(let weight) = places[index] else { return }
    for part in weight.parts.values { original.release(tensorAt: part) }
  }

  func release(tensorAt index: Int, bytes: Range<Int>) {
    let width = tensors[index].elementType.bitWidth
    let elements = bytes.lowerBound * 8 / width..<bytes.upperBound * 8 / width
    switch places[index] {
    case .stored(let place): original.release(tensorAt: place, elements: elements)
    case .decoded(let weight) where weight.scheme == .nf4 || weight.scheme == .fp4:
      // Codes of four bits in the order of the elements, in numbers of any width; other layouts are released with the
      // whole tensor.
      let codeWidth = original.tensors[weight.codes].elementType.bitWidth
      original.release(
        tensorAt: weight.codes,
        elements: elements.lowerBound * 4 / codeWidth..<elements.upperBound * 4 / codeWidth)
    case .decoded, .codes: break
    }
  }
}
