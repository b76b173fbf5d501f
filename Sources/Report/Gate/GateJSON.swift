public import Analysis
internal import EventFile
public import JSON

/// A gate report as JSON with stable keys.
public enum GateJSON {
  /// The document.
  public static func value(_ report: GateReport, strict: Bool) -> JSONValue {
    let words = GateWords(report: report, strict: strict)
    return .document(
      "ftreport.gate", version: 2,
      [
        "verdict": .string(words.verdict.name),
        "exit_code": .number(words.verdict.exitCode), "configuration": .string(report.configuration),
        "run": .object(["name": .string(report.runName), "path": .string(report.runPath)]),
        "baselines": .array(report.baselines.map { .string($0) }),
        "disabled": .array(report.disabled.map { .string($0) }),
        "multiplicity": .string(report.multiplicity.rawValue),
        "difference": .object([
          "is_of_data": .bool(report.difference.isOfData),
          "settings": .array(
            report.difference.settings.map { setting in
              .object([
                "name": .string(setting.name), "baseline": setting.base.map { .string($0) } ?? .null,
                "run": setting.new.map { .string($0) } ?? .null,
              ])
            }),
        ]),
        "gates": .array(report.results.map { gate($0, words) }),
      ])
  }

  private static func gate(_ result: GateResult, _ words: GateWords) -> JSONValue {
    .object([
      "id": .string(result.gate.id), "line": .number(result.gate.line),
      "level": .string(result.gate.level.rawValue),
      "status": .string(result.status.name), "is_error": .bool(result.isError),
      "stat": .string(result.gate.statistic.rawValue),
      "message": result.gate.message.map { .string($0) } ?? .null,
      "checks": .array(result.checks.map { check($0, words) }),
    ])
  }

  private static func check(_ check: GateCheck, _ words: GateWords) -> JSONValue {
    .object([
      "subject": .string(check.subject), "status": .string(check.status.name),
      "reason": .string(words.reason(check)),
      "expected": .string(GateWords.expected(check)), "found": number(check.found),
      "step": number(check.foundStep),
      "limit": number(check.limit), "margin": number(check.margin),
      "baseline": .array(check.baseline.map { .number($0) }),
      "effect": check.effect.map(EffectJSON.value) ?? .null,
      "diverging_step": number(check.divergingStep), "diverging_within": number(check.divergingWidth),
      "points": .array(check.points.map { .array([.number($0.step), .number($0.value)]) }),
    ])
  }

  private static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
  private static func number(_ value: Int64?) -> JSONValue { value.map { .number($0) } ?? .null }
}

/// An effect as JSON.
enum EffectJSON {
  static func value(_ effect: Effect) -> JSONValue {
    .object([
      "base": .number(effect.base), "new": .number(effect.new), "difference": .number(effect.difference),
      "relative_difference": effect.relativeDifference.map { .number($0) } ?? .null,
      "standard_error": .number(effect.standardError),
      "degrees_of_freedom": effect.degreesOfFreedom.isFinite ? .number(effect.degreesOfFreedom) : .null,
      "interval": effect.interval.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null,
      "lower_bound": .number(effect.lowerBound), "upper_bound": .number(effect.upperBound),
      "confidence": .number(effect.confidence), "smallest_detectable": .number(effect.smallestDetectable),
      "method": .string(effect.method.rawValue), "error_model": .string(effect.model.rawValue),
      "selection": .number(effect.selection),
      "assumed_seed_spread": effect.assumedSeedSpread.map { .number($0) } ?? .null,
    ])
  }
}
