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
  private var buffer: [UInt8] = []
  private var run = ""
  private var file = ""
  /// What every line of a tag in the file begins with, up to the step.
  private var openings: [[UInt8]] = []
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

  func begin(file: String, of run: String) {
    self.file = file
    self.run = run
    openings = []
  }

  func number(of tag: String) -> Int? {
    openings.append(opening(tag))
    return openings.count - 1
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
    buffer.append(contentsOf: openings[tag])
    buffer.append(decimal: point.step)
    append(format == .ndjson ? ",\"wall_time\":" : ",")
    if !point.wallTime.isNaN { append(point.wallTime) } else if format == .ndjson { append("null") }
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
    if buffer.count >= Self.pieceSize { try finish() }
  }

  func finish() throws(SystemError) {
    try StandardStream.output.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private func append(_ text: StaticString) {
    text.withUTF8Buffer { unsafe buffer.append(contentsOf: $0) }
  }

  /// The shortest decimal that reads back as the same number; whole numbers without a fraction.
  private func append(_ value: Double) {
    if value.isFinite { return buffer.append(shortest: value) }
    if format == .ndjson { append("\"") }
    append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
    if format == .ndjson { append("\"") }
  }
}
