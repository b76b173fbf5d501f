import Checkpoint

/// The greatest float32 value of a checkpoint, and the tensor that holds it.
func greatest(inCheckpoint path: String) throws -> (name: String, value: Float)? {
  let checkpoint = try Checkpoint(opening: path)  // headers alone, whatever the format
  var greatest: (name: String, value: Float)?
  for (index, tensor) in checkpoint.tensors.enumerated() where tensor.elementType == .float32 {
    let value = try checkpoint.withBytes(ofTensorAt: index) { bytes in
      var value = -Float.infinity
      for offset in stride(from: 0, to: bytes.byteCount, by: 4) {
        let bits = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
        value = max(value, Float(bitPattern: UInt32(littleEndian: bits)))
      }
      return value
    }
    if value > greatest?.value ?? -.infinity { greatest = (tensor.name, value) }
  }
  return greatest
}
