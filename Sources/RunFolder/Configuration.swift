internal import Bytes
internal import EventFile
internal import JSON

extension ConfigurationSection {
  /// The settings in a JSON object, members in their order; nil where `bytes` hold none.
  init?(source: String, json bytes: [UInt8]) {
    guard let members = (try? JSONValue(parsing: bytes, dialect: .python))?.members else { return nil }
    self.init(source: source, settings: members.map { Setting(name: $0.key, value: Self.text(of: $0.value)) })
  }

  /// The top level of a YAML file of plain `name: value` lines, such as `training_args.yaml`; anything nested is left
  /// out.
  init?(source: String, yaml bytes: [UInt8]) {
    var settings: [Setting] = []
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":"), let first = line.first, first.isLetter || first == "_"
      else {
        continue
      }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      guard !value.isEmpty else { continue }
      settings.append(Setting(name: String(line[..<colon]), value: String(value)))
    }
    guard !settings.isEmpty else { return nil }
    self.init(source: source, settings: settings)
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
