/// Runs of extreme points, taken through every page: what can be wrong with numbers once their bytes were read.
func fuzzValues(_ bytes: RawSpan) {
  var choices = Choices(bytes: bytes.copied())
  let files = (0..<2).map { _ in ExtremeRun.eventFile(using: &choices) }
  _ = try? EveryPage.make(of: files, in: FuzzFolder.path)
}

/// The bytes of an input as the random numbers that choose a run: two bytes a choice, 0 behind their end.
struct Choices: RandomNumberGenerator {
  let bytes: [UInt8]
  var place = 0

  mutating func next() -> UInt64 {
    defer { place += 2 }
    guard place + 1 < bytes.count else { return 0 }
    return UInt64(bytes[place]) | UInt64(bytes[place + 1]) << 8
  }
}
