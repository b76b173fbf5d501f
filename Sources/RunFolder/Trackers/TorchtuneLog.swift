internal import EventFile
internal import FileSystem

/// The text that torchtune's DiskLogger writes: `Step 7 | loss:1.25 lr:2e-05 grad_norm:tensor(0.5)` a call.
enum TorchtuneLog {
  /// Whether a file is called as the logger calls its own: `log_1712025600.txt`.
  static func isName(_ name: String) -> Bool {
    guard name.hasPrefix("log_"), name.hasSuffix(".txt") else { return false }
    let digits = name.utf8.dropFirst(4).dropLast(4)
    return digits.count >= 9 && digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }

  /// The one run in the log at `path`; it has no times.
  static func runs(at path: String) throws(TrackerError) -> [TrackedRun] {
    let bytes = try TrackerFile.bytes(at: path)
    var columns = SeriesColumns()
    var badLines = 0
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.contains(where: { $0 > 0x20 }) {
      guard let (step, numbers) = call(String(decoding: line, as: UTF8.self)) else {
        badLines += 1
        continue
      }
      for (name, value) in numbers { columns.append(value, to: name, step: step, wallTime: .nan) }
    }
    guard columns.series.contains(where: { !$0.isEmpty }) else {
      throw TrackerError(
        path: path, reason: "not a log of torchtune's: no line 'Step N | …'", isForeign: true)
    }
    let folder = Path.parent(of: path)
    var run = TrackedRun(
      path: path, name: RunName.name(of: folder.isEmpty ? "." : folder), series: columns.series)
    if badLines > 0 { run.problems.append("\(path): \(badLines) lines that are no call of the logger") }
    return [run]
  }

  /// The step of a call and its numbers; nil for a line that is none.
  private static func call(_ line: String) -> (step: Int64, numbers: [(String, Double)])? {
    guard let bar = line.firstIndex(of: "|") else { return nil }
    let words = line[..<bar].split(separator: " ")
    guard words.count == 2, words[0] == "Step", let step = Int64(words[1]) else { return nil }
    return (step, fields(line[line.index(after: bar)...]).compactMap(number))
  }

  /// What stands between spaces that are not within parentheses: `tensor(1., device='cuda:0')` is one value.
  private static func fields(_ text: Substring) -> [Substring] {
    var depth = 0
    return text.split { character in
      if character == "(" { depth += 1 }
      if character == ")" { depth = max(0, depth - 1) }
      return character == " " && depth == 0
    }
  }

  /// The name and the value of `name:value`; a tensor of one number is that number.
  private static func number(_ field: Substring) -> (String, Double)? {
    guard let colon = field.firstIndex(of: ":"), colon > field.startIndex else { return nil }
    var value = field[field.index(after: colon)...]
    if value.hasPrefix("tensor(") { value = value.dropFirst(7).prefix { $0 != "," && $0 != ")" } }
    // Python writes `nan` and `inf`, which are numbers here too; `1.` is one in a tensor.
    let text = value.hasSuffix(".") ? value.dropLast() : value
    return Double(text).map { (String(field[..<colon]), $0) }
  }
}
