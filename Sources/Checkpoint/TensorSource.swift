internal import FileSystem

/// The tensors behind a `Checkpoint`: each format has one type that conforms.
///
/// Opening a source reads headers alone; values are read when they are asked for.
public protocol TensorSource: Sendable {
  /// What the tensors are, in the order of the format; names do not repeat.
  var tensors: [TensorDescription] { get }

  /// Where the tensor at `index` of `tensors` stands.
  func location(ofTensorAt index: Int) -> TensorLocation

  /// Hands the bytes of the tensor at `index` of `tensors` to `body`: row-major, contiguous, little-endian,
  /// exactly `byteCount` of them, at any alignment.
  ///
  /// A contiguous tensor of a mapped file is handed out in place. A strided or sharded one is put together in a
  /// buffer that lives as long as the call: memory is bounded by one tensor. Calls may run on several threads.
  ///
  /// - Throws: what `body` throws, or a `CheckpointError` when the bytes are out of reach.
  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result

  /// Hands the bytes of some elements of the tensor at `index` to `body`, likewise.
  func withBytes<Result>(
    ofTensorAt index: Int, elements: Range<Int>, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result

  /// Whether the bytes of the tensor at `index` are computed as they are asked for, so that asking for some of them
  /// takes less memory than asking for all.
  func isComputed(tensorAt index: Int) -> Bool

  /// Throws where another program wrote to a file of the source since it was opened, so that what was read is no one
  /// save's.
  func checkUnchanged() throws(CheckpointError)

  /// Tells the source that the bytes of the tensor at `index` are not needed for now, so that a pass over files
  /// larger than memory stays small.
  func release(tensorAt index: Int)

  /// The same for some of its bytes; a source may wait for all.
  func release(tensorAt index: Int, bytes: Range<Int>)
}

extension TensorSource {
  /// Takes the elements out of the whole tensor.
  public func withBytes<Result>(
    ofTensorAt index: Int, elements: Range<Int>, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    let width = tensors[index].elementType.bitWidth
    let range = elements.lowerBound * width / 8..<elements.upperBound * width / 8
    return try withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in
      try body(bytes.extracting(range))
    }
  }

  /// False: for sources that hand out what files hold.
  public func isComputed(tensorAt index: Int) -> Bool { false }

  /// Does nothing: for sources without files.
  public func checkUnchanged() throws(CheckpointError) {}

  /// Does nothing: for sources that keep no pages of a file.
  public func release(tensorAt index: Int) {}

  /// Does nothing: for sources that release whole tensors.
  public func release(tensorAt index: Int, bytes: Range<Int>) {}
}

extension Sequence<MappedFile> {
  /// Throws where another program wrote to one of the files since it was opened.
  func checkUnchanged() throws(CheckpointError) {
    for file in self {
      do { try file.checkUnchanged() } catch { throw CheckpointError(error) }
    }
  }
}
