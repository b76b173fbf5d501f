import Analysis
import ArgumentParser

/// Options that say how a run is examined.
struct AnalysisArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The weight of the smoothed line, from 0 (the raw points) up to 1, as TensorBoard smooths. (default: 0.6, more for over 250 points)",
      valueName: "weight"),
    transform: Self.smoothing)
  var smoothing: Double?

  @Option(
    help: ArgumentHelp(
      "The share of the points, from the end, that the final level is computed over.", valueName: "share"),
    transform: Share.init(argument:))
  var window = Share(AnalysisOptions().window)

  @Option(
    help: ArgumentHelp(
      "The peak of all devices of the training together, in TFLOP/s: gives the FLOPs utilization.",
      valueName: "number"),
    transform: Self.peak)
  var peakTflops: Double?

  /// The options as Analysis takes them.
  var options: AnalysisOptions {
    AnalysisOptions(smoothing: smoothing, window: window.value, peakOperations: peakTflops.map { $0 * 1e12 })
  }

  private static func peak(_ text: String) throws -> Double {
    guard let value = Double(text), value > 0, value.isFinite else {
      throw ValidationError(
        "'\(text)' is no peak: give the TFLOP/s of all devices together, a number above 0")
    }
    return value
  }

  private static func smoothing(_ text: String) throws -> Double {
    guard let weight = Double(text), weight >= 0, weight < 1 else {
      throw ValidationError("'\(text)' is no smoothing weight: give a number from 0 up to, not including, 1")
    }
    return weight
  }
}

extension Share {
  /// The share that an argument says.
  init(argument text: String) throws {
    guard let share = Share(text) else {
      throw ValidationError("'\(text)' is no share: give a percentage over 0% up to 100%, such as 10%")
    }
    self = share
  }
}
