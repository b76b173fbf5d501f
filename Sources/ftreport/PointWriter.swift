import Bytes
import EventFile
import FileSystem
import JSON

/// Writes points to standard output, one a line, in pieces of some size.
///
/// What the lines of one tag share is laid out once; a line then costs its numbers and little more. Trainer files have
/// no wall times: null in NDJSON, nothing in CSV.
final class PointWriter: PointSink {
  /// How a point is written.
  enum Format {
    case ndjson, csv
  }

  private let format: Format
  private let keepsFormulas: Bool
  private var run = ""
  private var file = ""
  private var lines: Lines
  private static let pieceSize = 1 << 16

  /// A writer that has written the heading of its format.
  ///
  /// - Parameter keepsFormulas: whether names in CSV stay as they are, also where a spreadsheet would calculate them.
  init(_ format: Format, keepsFormulas: Bool = false) {
    self.format = format
    self.keepsFormulas = keepsFormulas
    lines = Lines(format, capacity: Self.pieceSize + 1024)
  }

  func begin(file: String, of run: String) {
    self.file = file
    self.run = run
    lines.openings = []
  }

  func number(of tag: String) -> Int? {
    lines.openings.append(opening(tag))
    return lines.openings.count - 1
  }

  private func opening(_ tag: String) -> [UInt8] {
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
      let fields = [run, file, tag].map { CSVField.text($0, keepsFormulas: keepsFormulas) + "," }
      return Array(fields.joined().utf8)
    }
  }

  func write(_ point: Point, _ mark: PointMark?, of tag: Int) throws(SystemError) {
    lines.append(point, mark, of: tag)
    if lines.bytes.count >= Self.pieceSize { try finish() }
  }

  func finish() throws(SystemError) {
    try StandardStream.output.write(lines.bytes)
    lines.bytes.removeAll(keepingCapacity: true)
  }
}

/// Lines that are not written yet. They are one value, so that a point is one access to the writer's state.
private struct Lines {
  var bytes: [UInt8] = []
  /// What every line of a tag in the file begins with, up to the step.
  var openings: [[UInt8]] = []
  private let isJSON: Bool

  /// The lines of a format, its heading among them.
  init(_ format: PointWriter.Format, capacity: Int) {
    isJSON = format == .ndjson
    bytes.reserveCapacity(capacity)
    if format == .csv { append("run,file,tag,step,wall_time,value,superseded,duplicate\n") }
  }

  mutating func append(_ point: Point, _ mark: PointMark?, of tag: Int) {
    bytes.append(contentsOf: openings[tag])
    bytes.append(decimal: point.step)
    append(isJSON ? ",\"wall_time\":" : ",")
    if !point.wallTime.isNaN { append(point.wallTime) } else if isJSON { append("null") }
    append(isJSON ? ",\"value\":" : ",")
    append(point.value)
    switch (isJSON, mark) {
    case (true, nil): append("}\n")
    case (true, .superseded): append(",\"superseded\":true}\n")
    case (true, .duplicate): append(",\"duplicate\":true}\n")
    case (false, nil): append(",,\n")
    case (false, .superseded): append(",true,\n")
    case (false, .duplicate): append(",,true\n")
    }
  }

  private mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
  }

  /// The shortest decimal that reads back as the same number; whole numbers without a fraction.
  private mutating func append(_ value: Double) {
    if value.isFinite { return bytes.append(shortest: value) }
    if isJSON { append("\"") }
    append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
    if isJSON { append("\"") }
  }
}
