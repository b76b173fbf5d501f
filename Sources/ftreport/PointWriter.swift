import Bytes
import EventFile
import JSON

/// Writes points to standard output, one a line, in pieces of some size.
///
/// What the lines of one tag share is laid out once; a line then costs its numbers and little more. Trainer files have
/// no wall times: null in NDJSON, nothing in CSV.
final class PointWriter {
  /// How a point is written.
  enum Format: String, CaseIterable {
    case ndjson, csv
  }

  /// Why a point does not count.
  enum Mark {
    case superseded, duplicate
  }

  private let format: Format
  private let keepsFormulas: Bool
  private var buffer: [UInt8] = []
  private static let pieceSize = 1 << 16

  /// A writer that has written the heading of its format.
  ///
  /// - Parameter keepsFormulas: whether names in CSV stay as they are, also where a spreadsheet would calculate them.
  init(_ format: Format, keepsFormulas: Bool = false) {
    self.format = format
    self.keepsFormulas = keepsFormulas
    buffer.reserveCapacity(Self.pieceSize + 1024)
    if format == .csv { append("run,file,tag,step,wall_time,value,superseded,duplicate\n") }
  }

  /// What every line of a tag in a file begins with, up to the step.
  func opening(run: String, file: String, tag: String) -> [UInt8] {
    switch format {
    case .ndjson:
      var text = "{\"run\":"
      JSONValue.quote(run, to: &text)
      text += ",\"file\":"
      JSONValue.quote(file, to: &text)
      text += ",\"tag\":"
      JSONValue.quote(tag, to: &text)
      text += ",\"step\":"
      return Array(text.utf8)
    case .csv:
      return Array("\(csv(run)),\(csv(file)),\(csv(tag)),".utf8)
    }
  }

  /// Writes a point behind its tag's opening.
  func write(_ point: Point, _ mark: Mark?, after opening: [UInt8]) throws(SystemError) {
    buffer.append(contentsOf: opening)
    append(point.step)
    append(format == .ndjson ? ",\"wall_time\":" : ",")
    if point.wallTime.isNaN { append(format == .ndjson ? "null" : "") } else { append(point.wallTime) }
    append(format == .ndjson ? ",\"value\":" : ",")
    append(point.value)
    switch (format, mark) {
    case (.ndjson, nil): append("}\n")
    case (.ndjson, .superseded): append(",\"superseded\":true}\n")
    case (.ndjson, .duplicate): append(",\"duplicate\":true}\n")
    case (.csv, nil): append(",,\n")
    case (.csv, .superseded): append(",true,\n")
    case (.csv, .duplicate): append(",,true\n")
    }
    if buffer.count >= Self.pieceSize { try flush() }
  }

  /// Writes what is still held back.
  func flush() throws(SystemError) {
    try StandardStream.output.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private func append(_ text: StaticString) {
    text.withUTF8Buffer { unsafe buffer.append(contentsOf: $0) }
  }

  private func append(_ value: Int64) {
    if value < 0 { buffer.append(UInt8(ascii: "-")) }
    let start = buffer.count
    var rest = value.magnitude
    repeat {
      buffer.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    buffer[start...].reverse()
  }

  /// The shortest decimal that reads back as the same number; whole numbers without a fraction.
  private func append(_ value: Double) {
    if value.isFinite {
      if value == value.rounded(), abs(value) < 1e15, value != 0 || value.sign == .plus {
        append(Int64(clamping: value))
      } else {
        buffer.append(contentsOf: value.description.utf8)
      }
    } else {
      if format == .ndjson { append("\"") }
      append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
      if format == .ndjson { append("\"") }
    }
  }

  /// A name as a field of RFC 4180.
  ///
  /// Spreadsheets calculate what begins with `=`, `+`, `-`, `@` or a control character, and a formula can fetch and send
  /// things. An apostrophe before it makes them take it for the text that it is. Numbers have columns of their own.
  private func csv(_ text: String) -> String {
    var text = text
    if !keepsFormulas, let first = text.unicodeScalars.first, "=+-@\t\r＝＋－＠".unicodeScalars.contains(first) {
      text = "'" + text
    }
    guard text.utf8.contains(where: { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }) else { return text }
    var quoted = "\""
    for character in text.unicodeScalars {
      if character == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(character)
    }
    return quoted + "\""
  }
}
