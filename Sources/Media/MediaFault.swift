/// What is wrong with a picture or a sound.
public enum MediaFault: Equatable, Sendable, CustomStringConvertible {
  /// The bytes are no picture or sound of a type that is known here; what they are instead, where that can be told.
  case unknownType(String?)
  /// The file ends before its last part does.
  case truncated
  /// It is said to have more pixels than are shown.
  case tooLarge(width: Int, height: Int)
  /// A part of the file contradicts the format; what, in words.
  case malformed(String)

  /// Whether it is not to be put before a reader's browser.
  public var isBlocking: Bool {
    switch self {
    case .unknownType, .tooLarge, .malformed: true
    case .truncated: false
    }
  }

  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .unknownType(let name?): "not a picture or a sound but \(name)"
    case .unknownType(nil): "neither a picture nor a sound of a known type"
    case .truncated: "ends before its last part does"
    case .tooLarge(let width, let height): "claims \(width) × \(height) pixels"
    case .malformed(let reason): reason
    }
  }
}
