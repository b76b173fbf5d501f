import Analysis
import ArgumentParser

/// Options that say how a run is examined.
struct AnalysisArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The bold line of pictures: 'trend' (the local trend), 'none', or 'ema:0.6' (TensorBoard's exponential smoothing with that weight, from 0 up to 1; also the number alone). (default: trend)",
      valueName: "how"))
  var smoothing: SmoothingChoice?

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
    AnalysisOptions(
      smoothing: smoothing?.weight, window: window.value, peakOperations: peakTflops.map { $0 * 1e12 })
  }

  private static func peak(_ text: String) throws -> Double {
    guard let value = Double(text), value > 0, value.isFinite else {
      throw ValidationError(
        "'\(text)' is no peak: give the TFLOP/s of all devices together, a number above 0")
    }
    return value
  }
}

/// How pictures are smoothed, as an argument.
struct SmoothingChoice: ExpressibleByArgument {
  /// The weight of exponential smoothing; nil for the local trend.
  let weight: Double?

  /// `trend`, `none`, `ema:` and a weight, or the weight alone; nil for anything else.
  init?(argument: String) {
    let number = argument.hasPrefix("ema:") ? argument.dropFirst(4) : argument[...]
    switch argument {
    case "trend": weight = nil
    case "none": weight = 0
    default:
      guard let value = Double(number), value >= 0, value < 1 else { return nil }
      weight = value
    }
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
