import FileSystem
import Report

extension ReportFile {
  /// Writes a new file at `target`, with `clean` applied to what is text.
  func write(to target: String, _ clean: (String) -> String) throws(SystemError) {
    let file = try FileDescriptor(creatingNew: target)
    switch content {
    case .text(let text): try file.write(clean(text))
    case .bytes(let bytes): try file.write(bytes)
    case .value(let value):
      try value.writeIndented { (lines: [UInt8]) throws(SystemError) in
        try file.write(clean(String(decoding: lines, as: UTF8.self)))
      }
    }
  }
}

extension Presentable {
  /// Writes the answer to standard output, with `clean` applied to every text; JSON as it is made.
  func print(
    in format: PageFormat, style: TerminalStyle = .current, _ clean: (String) -> String = { $0 }
  ) throws(SystemError) {
    guard format == .json else {
      return try StandardStream.output.write(clean(text(in: format, style: style)))
    }
    try writeJSON { (lines: [UInt8]) throws(SystemError) in
      try StandardStream.output.write(clean(String(decoding: lines, as: UTF8.self)))
    }
  }
}
