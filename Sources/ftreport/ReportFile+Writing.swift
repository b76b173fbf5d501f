import Report

extension ReportFile {
  /// The name and the bytes to write, with `clean` applied to what is text.
  func written(_ clean: (String) -> String) -> (name: String, bytes: [UInt8]) {
    (clean(path), bytes ?? Array(clean(text).utf8))
  }
}
