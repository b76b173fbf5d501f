/// Why the parts of a checkpoint that many ranks wrote do not make a whole.
///
/// Every case is fatal for the checkpoint.
public enum ShardFault: Error, Equatable, Sendable {
  /// Ranks have no file; of so many that there were.
  case missingRanks([Int], of: Int)
  /// A file that the checkpoint needs is not there.
  case missingFile(String)
  /// A file lacks a value, or has one of the wrong kind; the text says which.
  case structure(String)
  /// The parts of a tensor do not cover it, or overlap.
  case coverage(String, what: String)
  /// A part stands outside of its file.
  case range(String, file: String)
  /// The parts of a tensor differ in type or shape between ranks.
  case disagreement(String, what: String)
  /// A part was stored through a transformation (compression) that is not read.
  case transformed(String, by: String)
}

extension ShardFault: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .missingRanks(let ranks, let count):
      "\(ranks.count == 1 ? "rank" : "ranks") \(ranks.map(String.init).joined(separator: ", ")) of \(count) missing"
    case .missingFile(let name): "\(name) is missing"
    case .structure(let what): what
    case .coverage(let name, let what): "tensor \"\(name)\": \(what)"
    case .range(let name, let file): "a part of \"\(name)\" stands outside of \(file)"
    case .disagreement(let name, let what): "tensor \"\(name)\": \(what)"
    case .transformed(let name, let by): "\"\(name)\" was stored through \(by), which is not read"
    }
  }
}
