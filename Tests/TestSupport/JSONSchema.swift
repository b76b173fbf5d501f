internal import FileSystem
public import JSON

/// A JSON Schema of `docs/schema`, by which tests judge the documents that the package makes.
///
/// It knows the words that those schemas use, and refuses a schema with any other, so that none of them goes unchecked.
public struct JSONSchema {
  private let root: JSONValue

  /// The schema of this text.
  public init(_ text: String) throws { root = try JSONValue(parsing: text) }

  private static let words: Set<String> = [
    "$schema", "$defs", "$ref", "title", "description", "type", "properties", "required",
    "additionalProperties", "items", "minItems", "maxItems", "enum", "const", "anyOf", "allOf", "if", "then",
    "pattern", "minimum", "maximum", "definitions",
  ]

  /// What in `document` is not as the schema has it, each with its place; nothing for one that keeps to it.
  public func faults(in document: JSONValue) -> [String] { faults(document, root, at: "") }

  private func faults(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
    if case .bool(let isAllowed) = schema { return isAllowed ? [] : ["\(place): not allowed"] }
    var faults: [String] = []
    for member in schema.members ?? [] {
      switch member.key {
      case "$ref": faults += self.faults(value, definition(member.value), at: place)
      case "type":
        let types = (member.value.array ?? [member.value]).compactMap(\.string)
        if !types.contains(where: { Self.isOf($0, value) }) { faults.append("\(place): no \(types)") }
      case "const": if value != member.value { faults.append("\(place): not \(member.value.text)") }
      case "enum":
        if member.value.array?.contains(value) != true {
          faults.append("\(place): \(value.text) is none of \(member.value.text)")
        }
      case "anyOf":
        let each = (member.value.array ?? []).map { self.faults(value, $0, at: place) }
        if !each.contains(where: \.isEmpty) { faults += each.min { $0.count < $1.count } ?? [] }
      case "allOf":
        for part in member.value.array ?? [] { faults += self.faults(value, part, at: place) }
      case "if":
        if self.faults(value, member.value, at: place).isEmpty, let then = schema["then"] {
          faults += self.faults(value, then, at: place)
        }
      case "pattern":
        if let text = value.string, let pattern = member.value.string,
          (try? Regex(pattern).firstMatch(in: text)) == nil
        {
          faults.append("\(place): \(text) does not match \(pattern)")
        }
      case "minimum":
        if let number = value.double, let least = member.value.double, number < least {
          faults.append("\(place): \(number) is less than \(least)")
        }
      case "maximum":
        if let number = value.double, let most = member.value.double, number > most {
          faults.append("\(place): \(number) is more than \(most)")
        }
      case "required":
        for key in (member.value.array ?? []).compactMap(\.string) where value.members != nil {
          if value[key] == nil { faults.append("\(place): no key \(key)") }
        }
      case "properties", "additionalProperties": break
      case "items":
        for (index, element) in (value.array ?? []).enumerated() {
          faults += self.faults(element, member.value, at: "\(place)/\(index)")
        }
      case "minItems":
        if let count = value.array?.count, count < member.value.int64 ?? 0 {
          faults.append("\(place): \(count) elements")
        }
      case "maxItems":
        if let count = value.array?.count, count > member.value.int64 ?? .max {
          faults.append("\(place): \(count) elements")
        }
      default: if !Self.words.contains(member.key) { faults.append("the schema says \(member.key)") }
      }
    }
    return faults + members(value, schema, at: place)
  }

  private func members(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
    guard schema["properties"] != nil || schema["additionalProperties"] != nil else { return [] }
    var faults: [String] = []
    var seen: Set<String> = []
    for member in value.members ?? [] {
      if !seen.insert(member.key).inserted { faults.append("\(place): \(member.key) twice") }
      if let own = schema["properties"]?[member.key] {
        faults += self.faults(member.value, own, at: "\(place)/\(member.key)")
      } else if let other = schema["additionalProperties"] {
        faults += self.faults(member.value, other, at: "\(place)/\(member.key)")
      }
    }
    return faults
  }

  private func definition(_ reference: JSONValue) -> JSONValue {
    let name = (reference.string ?? "").split(separator: "/").last.map(String.init) ?? ""
    return (root["$defs"] ?? root["definitions"])?[name] ?? .bool(false)
  }

  private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object):
      true
    case ("number", .number(let text)): Double(text)?.isFinite == true
    case ("integer", .number(let text)): Int64(text) != nil
    default: false
    }
  }
}

extension JSONSchema {
  /// What in `text`, a document that names its schema, is not as that schema has it.
  public static func faults(inText text: String) throws -> [String] {
    let document = try JSONValue(parsing: text)
    guard let name = document["schema"]?["name"]?.string else { return ["no heading"] }
    let path = "\(Fixture.package)/docs/schema/\(name).json"
    return try JSONSchema(String(decoding: Files.read(path), as: UTF8.self)).faults(in: document)
  }
}
