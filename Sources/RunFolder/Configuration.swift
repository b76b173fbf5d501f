internal import Bytes
internal import EventFile
internal import JSON
internal import YAML

extension ConfigurationSection {
  /// The settings in a JSON object, members in their order; nil where `bytes` hold none.
  init?(source: String, json bytes: [UInt8]) {
    guard let members = (try? JSONValue(parsing: bytes, dialect: .python))?.members else { return nil }
    self.init(source: source, settings: members.map { Setting(name: $0.key, value: Self.text(of: $0.value)) })
  }

  /// The settings in a YAML mapping, such as `training_args.yaml`, in their order.
  ///
  /// - Throws: `YAMLError` for what is not YAML, or has anchors, tags or duplicate keys.
  init?(source: String, yaml bytes: [UInt8]) throws(YAMLError) {
    guard case .mapping(let entries) = try YAMLParser.parse(bytes).content else { return nil }
    self.init(
      source: source,
      settings: entries.map { Setting(name: $0.key, value: Self.text(of: JSONValue($0.value))) })
  }

  private static func text(of value: JSONValue) -> String { value.string ?? value.text }

  /// The settings in the text values of `files`, one section a tag: the last text of the tag that is a JSON object.
  ///
  /// HF Trainer writes its arguments as `args/text_summary` and the model's as `model_config/text_summary`.
  static func sections(of files: [EventFileContents]) -> [ConfigurationSection] {
    var sections: [ConfigurationSection] = []
    for text in files.flatMap(\.texts) {
      guard let string = text.strings.first, string.first == "{",
        let section = ConfigurationSection(source: text.tag, json: Array(string.utf8))
      else { continue }
      if let index = sections.firstIndex(where: { $0.source == text.tag }) {
        sections[index] = section
      } else {
        sections.append(section)
      }
    }
    return sections
  }
}

extension JSONValue {
  /// The value of `node` by YAML's core schema: what stands without quotes can be a number, a truth value or nothing.
  init(_ node: YAMLNode) {
    switch node.content {
    case .sequence(let elements): self = .array(elements.map(JSONValue.init))
    case .mapping(let entries): self = .object(entries.map { Member($0.key, JSONValue($0.value)) })
    case .scalar(let text, isPlain: false): self = .string(text)
    case .scalar(let text, isPlain: true):
      switch text {
      case "", "~", "null", "Null", "NULL": self = .null
      case "true", "True", "TRUE": self = .bool(true)
      case "false", "False", "FALSE": self = .bool(false)
      default:
        // JSON's numbers are YAML's too; `1e-4` without a point counts as one, as trainers mean it.
        let number = try? JSONValue(parsing: text, dialect: .strict)
        self = number?.double == nil ? .string(text) : .number(text)
      }
    }
  }
}
