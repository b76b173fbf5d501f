internal import Checkpoint

/// What the configuration of an adapter says, in words.
struct AdapterWords {
  private let configuration: AdapterConfiguration

  init(_ configuration: AdapterConfiguration) { self.configuration = configuration }

  /// `LORA, r 8, α 16`, for a cell.
  var short: String {
    var parts = [configuration.kind]
    if let rank = configuration.rank { parts.append("r \(rank)") }
    if let alpha { parts.append(alpha) }
    parts += variants
    return parts.joined(separator: ", ") + (configuration.source.map { " (\($0))" } ?? "")
  }

  /// `LORA, rank 8, α 16, scaling 2, on Qwen3-4B`.
  ///
  /// - Parameter modules: those of the adapter, whose scaling may stand in other places than α and r.
  func full(_ modules: [LowRankModule]) -> String {
    var parts = [configuration.kind]
    if let rank = configuration.rank { parts.append("rank \(rank)") }
    if let alpha {
      parts.append(alpha)
      // Of one scaling can only be spoken where all modules have it.
      if configuration.kind == "LORA", configuration.rankPattern.isEmpty, configuration.alphaPattern.isEmpty,
        let rank = configuration.rank, let scaling = configuration.scaling(of: "", rank: rank)
      {
        parts.append("scaling \(NumberText.significant(scaling, trimmed: true))")
      }
    } else if let scalings = Self.range(of: modules) {
      parts.append(scalings)
    } else if configuration.kind == "LORA" {
      parts.append("α unknown, which the scaling and ‖ΔW‖ need (--alpha)")
    }
    parts += variants
    if let base = configuration.baseModel { parts.append("on \(base)") }
    if let source = configuration.source { parts.append("from \(source)") }
    return parts.joined(separator: ", ")
  }

  /// `scaling 20`, or `scalings 0.5 to 1`, where it is known of every module.
  private static func range(of modules: [LowRankModule]) -> String? {
    let scalings = modules.compactMap(\.scaling)
    guard scalings.count == modules.count, let least = scalings.min(), let greatest = scalings.max() else {
      return nil
    }
    func figure(_ value: Double) -> String { NumberText.significant(value, trimmed: true) }
    return least == greatest
      ? "scaling \(figure(least))" : "scalings \(figure(least)) to \(figure(greatest))"
  }

  private var alpha: String? {
    configuration.alpha.map { "α \(NumberText.significant($0, trimmed: true))" }
  }

  private var variants: [String] {
    (configuration.usesRankStabilisedScaling ? ["rank-stabilised"] : [])
      + (configuration.usesWeightDecomposition ? ["DoRA"] : [])
  }
}
