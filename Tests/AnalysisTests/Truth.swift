import EventFile
import FileSystem
import JSON
import Testing

/// What scipy and numpy say, written by scripts/make-statistics-truths.py.
enum Truth {
  static func load(_ key: String, from file: String = "statistics.json") throws -> JSONValue {
    let tests = Path.parent(of: Path.parent(of: #filePath))
    let bytes = try Files.read(Path.join(tests, "Fixtures/analysis/\(file)"))
    return try #require(try JSONValue(parsing: bytes)[key])
  }
}

extension JSONValue {
  /// The number at `key`, also where it is a string that names a non-finite one.
  func number(_ key: String) throws -> Double { try #require(self[key]).anyNumber() }

  /// The numbers at `key`.
  func numbers(_ key: String) throws -> [Double] {
    try #require(self[key]?.array).map { try $0.anyNumber() }
  }

  private func anyNumber() throws -> Double {
    if let text = string { return try #require(Double(text)) }
    return try #require(double)
  }
}

/// Whether two numbers agree to `digits` parts in one, or both are the same non-finite one.
func agree(_ left: Double, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
  if left == right || (left.isNaN && right.isNaN) { return true }
  return abs(left - right) <= tolerance * max(abs(left), abs(right))
}

/// A series of one point a step from `first` on, one second apart.
func series(_ tag: String, _ values: [Double], first: Int64 = 1, every: Int64 = 1) -> Series {
  Series(
    tag: tag, steps: values.indices.map { first + Int64($0) * every },
    wallTimes: values.indices.map { 1_700_000_000 + Double($0) }, values: values)
}
