public import Analysis
internal import RunFolder
internal import YAML

extension GatePlan {
  /// The newest version of the configuration that this program reads.
  public static let configurationVersion = 1

  /// Reads a configuration, `ftreport.yml` by custom.
  ///
  /// - Parameters:
  ///   - text: the bytes of the file, UTF-8.
  ///   - path: the path of the file, for errors and for the plan.
  /// - Throws: `ConfigurationError` with every problem: what is not YAML, unknown keys, wrong values, duplicate keys
  ///   and ids, each with its line.
  public init(parsing text: [UInt8], path: String) throws(ConfigurationError) {
    let root: YAMLNode
    do throws(YAMLError) {
      root = try YAMLParser.parse(text)
    } catch {
      throw ConfigurationError(path: path, problems: error.problems)
    }
    var reader = MappingReader(root, name: "the configuration")
    guard reader.isMapping else { throw ConfigurationError(path: path, problems: reader.finish()) }
    Self.readVersion(&reader)
    let baselines = reader.texts("baseline") ?? []
    let goldens = reader.text("goldens")
    let defaults = Self.readDefaults(&reader)
    let gates = Self.readGates(&reader, defaults: defaults)
    let exceptions = Self.readExceptions(&reader, ids: gates.map(\.id))
    let multiplicity = reader.choice("multiplicity", Multiplicity.allCases) ?? .holm
    let problems = reader.finish()
    guard problems.isEmpty else { throw ConfigurationError(path: path, problems: problems) }
    self.init(
      path: path, baselines: baselines, goldens: goldens, gates: gates, exceptions: exceptions,
      multiplicity: multiplicity)
  }

  private static func readVersion(_ reader: inout MappingReader) {
    guard reader.has("version") else {
      _ = reader.node("version")
      reader.report("the key \"version\" is missing; write version: 1", at: reader.position)
      return
    }
    if let version = reader.number("version"), version != Double(configurationVersion) {
      reader.report(
        "version \(version.formatted) is not known; this program reads version 1",
        at: reader.position(of: "version"))
    }
  }

  private static func readDefaults(_ reader: inout MappingReader) -> (Gate.Settings, Gate.Level) {
    guard let node = reader.node("defaults") else { return (Gate.Settings(), .error) }
    var inner = MappingReader(node, name: "defaults")
    let settings = readSettings(&inner, defaults: Gate.Settings())
    let level = inner.choice("level", Gate.Level.allCases) ?? .error
    reader.adopt(inner.finish())
    return (settings, level)
  }

  static func readSettings(_ reader: inout MappingReader, defaults: Gate.Settings) -> Gate.Settings {
    Gate.Settings(
      axis: reader.choice("x", AlignmentAxis.allCases) ?? defaults.axis,
      window: reader.share("window", within: 0.001...1) ?? defaults.window,
      confidence: reader.share("confidence", within: 0.5...0.9999) ?? defaults.confidence,
      seedSpread: reader.share("seed_spread", within: 0...0.5) ?? defaults.seedSpread,
      missing: reader.choice("missing", Gate.Level.allCases) ?? defaults.missing,
      inconclusive: reader.choice("inconclusive", Gate.Level.allCases) ?? defaults.inconclusive)
  }

  private static func readGates(
    _ reader: inout MappingReader, defaults: (Gate.Settings, Gate.Level)
  ) -> [Gate] {
    guard let node = reader.node("gates") else {
      reader.report("the key \"gates\" is missing", at: reader.position)
      return []
    }
    guard case .sequence(let elements) = node.content, !elements.isEmpty else {
      reader.report("gates must be a list with one gate or more, not \(node.kindName)", at: node.position)
      return []
    }
    var lines: [String: Int] = [:]
    var gates: [Gate] = []
    for element in elements {
      var inner = MappingReader(element, name: "a gate")
      guard inner.isMapping else {
        reader.adopt(inner.finish())
        continue
      }
      if let gate = Gate(reading: &inner, defaults: defaults) { gates.append(gate) }
      if let id = inner.text("id") {
        if let line = lines[id] {
          inner.report("duplicate id \"\(id)\", first on line \(line)", at: inner.position(of: "id"))
        }
        lines[id] = lines[id] ?? inner.position(of: "id").line
      }
      reader.adopt(inner.finish())
    }
    return gates
  }

  private static func readExceptions(_ reader: inout MappingReader, ids: [String]) -> [Exception] {
    guard let node = reader.node("matrix") else { return [] }
    guard case .sequence(let elements) = node.content else {
      reader.report("matrix must be a list, not \(node.kindName)", at: node.position)
      return []
    }
    var exceptions: [Exception] = []
    for element in elements {
      var inner = MappingReader(element, name: "a matrix entry")
      guard inner.isMapping else {
        reader.adopt(inner.finish())
        continue
      }
      let match = inner.text("match")
      if match == nil, !inner.has("match") {
        inner.report("the matrix entry wants the key \"match\", a pattern of runs", at: inner.position)
      }
      let disabled = inner.texts("disable") ?? []
      if !inner.has("disable") {
        inner.report("the matrix entry wants the key \"disable\", a list of gate ids", at: inner.position)
      }
      for id in disabled where !ids.contains(id) {
        let hint = MappingReader.hint(for: id, among: ids)
        inner.report("disable names no gate: \"\(id)\"\(hint)", at: inner.position(of: "disable"))
      }
      reader.adopt(inner.finish())
      if let match { exceptions.append(.init(match: Glob(match), disabled: disabled)) }
    }
    return exceptions
  }
}

extension Double {
  /// The number without a needless `.0`.
  var formatted: String { hasPrefixOfInteger ? String(description.dropLast(2)) : description }
  private var hasPrefixOfInteger: Bool { description.hasSuffix(".0") }
}
