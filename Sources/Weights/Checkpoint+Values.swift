public import Checkpoint

extension Checkpoint {
  /// The values of the tensor called `name`, row-major, whatever type they are stored in.
  ///
  ///     let checkpoint = try Checkpoint(opening: "model.safetensors")
  ///     let norms: [Float] = try checkpoint.values(of: "model.norm.weight")
  ///
  /// Complex elements are two values, the real part first. Every type of up to 16 bits, and `F32`, is exact as `Float`;
  /// integers beyond 2⁵³ are rounded to the nearest `Double` first.
  ///
  /// - Throws: `CheckpointError` where there is no such tensor, or its bytes are out of reach.
  /// - Complexity: O(elements).
  public func values<Value: BinaryFloatingPoint>(
    of name: String, as type: Value.Type = Float.self
  ) throws(CheckpointError) -> [Value] {
    let index = try place(of: name)
    let description = tensors[index]
    return try withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in
      let values = ElementConversion.doubles(bytes, description)
      return (values as? [Value]) ?? values.map { Value($0) }
    }
  }

  /// Hands the bytes of the tensor called `name` to `body`: row-major, contiguous, little-endian, at any alignment.
  ///
  /// - Throws: what `body` throws, or a `CheckpointError` where there is no such tensor or its bytes are out of reach.
  public func withBytes<Result>(
    of name: String, _ body: (RawSpan) throws -> Result
  ) throws -> Result {
    let index = try place(of: name)
    // Formats hand bytes to closures that throw their own errors; the caller's pass by at the side.
    let outcome = try withBytes(ofTensorAt: index) {
      (bytes: RawSpan) throws(CheckpointError) -> Swift.Result<Result, any Error> in
      do { return .success(try body(bytes)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  /// The values of the tensor at `index`, row-major.
  func doubles(ofTensorAt index: Int) throws(CheckpointError) -> [Double] {
    let tensor = tensors[index]
    return try withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in
      ElementConversion.doubles(bytes, tensor)
    }
  }

  private func place(of name: String) throws(CheckpointError) -> Int {
    guard let index = index(of: name) else {
      throw CheckpointError(.structure("no tensor called \"\(name)\""), path: path)
    }
    return index
  }
}
