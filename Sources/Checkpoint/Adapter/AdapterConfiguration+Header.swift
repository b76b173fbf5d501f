internal import JSON

extension AdapterConfiguration {
  /// `given` with what the header of the file tells, where it gives no α itself: diffusers keeps the configuration of
  /// each part of a pipeline there (`lora_adapter_metadata`: `transformer.r`, `transformer.lora_alpha`, …).
  static func completed(_ given: Self?, _ checkpoint: Checkpoint) -> Self? {
    if let given, given.alpha != nil || given.scale != nil { return given }
    guard let text = checkpoint.metadata.last(where: { $0.key == "lora_adapter_metadata" })?.value,
      let members = (try? JSONValue(parsing: text, dialect: .python))?.members
    else { return given }
    var configuration = given ?? Self(.object([]))
    var seen: Set<String> = []
    for member in members {
      guard let dot = member.key.utf8.firstIndex(of: UInt8(ascii: ".")) else { continue }
      let part = String(member.key[..<dot])
      guard seen.insert(part).inserted else { continue }
      let own = members.filter { $0.key.hasPrefix(part + ".") }
        .map { JSONValue.Member(String($0.key.dropFirst(part.utf8.count + 1)), $0.value) }
      let settings = Self(.object(own))
      // The names of modules begin with that of the part.
      func within(_ patterns: [Pattern]) -> [Pattern] {
        patterns.map { Pattern(key: "\(part)\\.(.*\\.)?\($0.key)", value: $0.value) }
      }
      func all(_ value: Double?) -> [Pattern] {
        value.map { [Pattern(key: part + "\\..*", value: $0)] } ?? []
      }
      configuration.rankPattern += within(settings.rankPattern) + all(settings.rank.map(Double.init))
      configuration.alphaPattern += within(settings.alphaPattern) + all(settings.alpha)
      configuration.usesRankStabilisedScaling =
        configuration.usesRankStabilisedScaling || settings.usesRankStabilisedScaling
      configuration.usesWeightDecomposition =
        configuration.usesWeightDecomposition || settings.usesWeightDecomposition
    }
    if configuration.source == nil, given == nil { configuration.source = "the header of the file" }
    return configuration
  }
}
