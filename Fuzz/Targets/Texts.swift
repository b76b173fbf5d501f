import Analysis
import GateConfiguration
import JSON
import RunFolder

/// Texts: JSON, YAML, the configuration of gates, golden files, patterns of tags.
func fuzzTexts(_ bytes: RawSpan) {
  let bytes = bytes.copied()
  if let value = try? JSONValue(parsing: bytes) {
    let again = try? JSONValue(parsing: Array(value.text.utf8))
    precondition(again == value)
  }
  _ = try? GatePlan(parsing: bytes, path: "")
  if let golden = try? GoldenBaseline(parsing: bytes, path: "") { _ = golden.fileText(writtenBy: "") }
  let text = String(decoding: bytes, as: UTF8.self)
  _ = (try? TagPattern(text))?.matches(text)
}
