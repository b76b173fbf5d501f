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

  /// The settings in the text values and hyperparameters of `files`, each with the time from which it holds a course of
  /// points.
  ///
  /// HF Trainer writes its arguments as `args/text_summary` and the model's as `model_config/text_summary`, each a JSON
  /// object: one section a tag, of its last text. What `add_hparams` wrote, as accelerate's tracker does, is the section
  /// `hparams`. A table of two columns in Markdown is a section of its rows. Any other text that was written once is a
  /// setting by its tag, in the section `text`: a text that comes again and again shows samples, not settings. What was
  /// written while or after the training ran is its result, and none of its settings (`SettingTexts`).
  static func sections(of files: [(contents: EventFileContents, start: Double?)]) -> [ConfigurationSection] {
    var sections: [ConfigurationSection] = []
    var plain: [(tag: String, text: String, count: Int)] = []
    for text in SettingTexts(files).texts {
      guard let string = text.strings.first else { continue }
      let found =
        string.utf8.first == UInt8(ascii: "{")
        ? ConfigurationSection(source: text.tag, json: Array(string.utf8))
        : ConfigurationSection(source: text.tag, table: string)
      if let found {
        if let index = sections.firstIndex(where: { $0.source == text.tag }) {
          sections[index] = found
        } else {
          sections.append(found)
        }
      } else if let index = plain.firstIndex(where: { $0.tag == text.tag }) {
        plain[index].count += plain[index].text == string ? 0 : 1
      } else if plain.count < 256 {
        plain.append((text.tag, string, 1))
      }
    }
    var parameters: [Setting] = []
    for parameter in files.flatMap(\.contents.hyperparameters) {
      parameters.removeAll { $0.name == parameter.name }
      parameters.append(Setting(parameter))
    }
    if !parameters.isEmpty { sections.append(ConfigurationSection(source: "hparams", settings: parameters)) }
    let once = plain.filter { $0.count == 1 && $0.text.utf8.count <= 4096 && !$0.text.isEmpty }
    if !once.isEmpty {
      let ending = "/text_summary"
      sections.append(
        ConfigurationSection(
          source: "text",
          settings: once.map { entry in
            let isTorch = entry.tag.hasSuffix(ending)
            return Setting(
              name: isTorch ? String(entry.tag.dropLast(ending.utf8.count)) : entry.tag, value: entry.text)
          }))
    }
    return sections
  }

  /// The rows of a Markdown table with two columns, such as `|param|value|`; nil for any other text.
  private init?(source: String, table text: String) {
    let rows = text.split(separator: "\n").map { line -> [String] in
      guard line.hasPrefix("|"), line.hasSuffix("|"), line.utf8.count > 1 else { return [] }
      return line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        .map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
    }
    guard rows.count > 2, rows.allSatisfy({ $0.count == 2 }),
      rows[1].allSatisfy({
        !$0.isEmpty && $0.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ":") }
      })
    else { return nil }
    self.init(source: source, settings: rows.dropFirst(2).map { Setting(name: $0[0], value: $0[1]) })
  }
}

extension Setting {
  /// A hyperparameter as JSON writes it, text without quotes.
  fileprivate init(_ parameter: Hyperparameter) {
    let value =
      switch parameter.value {
      case .none: "null"
      case .bool(let isTrue): isTrue ? "true" : "false"
      case .text(let text): text
      case .number(let number): Hyperparameter.Value.text(of: number)
      }
    self.init(name: parameter.name, value: value)
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
