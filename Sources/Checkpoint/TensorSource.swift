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

  /// Tells the source that the bytes of the tensor at `index` are not needed for now, so that a pass over files
  /// larger than memory stays small.
  func release(tensorAt index: Int)

  /// The same for some of its bytes; a source may wait for all.
  func release(tensorAt index: Int, bytes: Range<Int>)
}

extension TensorSource {
  /// Does nothing: for sources that keep no pages of a file.
  public func release(tensorAt index: Int) {}

  /// Does nothing: for sources that release whole tensors.
  public func release(tensorAt index: Int, bytes: Range<Int>) {}
}
