/// The element types of tensors, by TensorFlow's numbers.
public enum TensorElementType: Int32, Sendable {
  case float = 1
  case double = 2
  case int32 = 3
  case uint8 = 4
  case int16 = 5
  case int8 = 6
  case string = 7
  case complex64 = 8
  case int64 = 9
  case bool = 10
  case bfloat16 = 14
  case uint16 = 17
  case complex128 = 18
  case half = 19
  case uint32 = 22
  case uint64 = 23
}
