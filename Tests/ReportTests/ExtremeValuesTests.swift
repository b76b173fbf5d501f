import FileSystem
import TestSupport
import Testing

/// What `Fuzz/run 60 Values` does without end, for twelve seeds.
struct ExtremeValuesTests {
  /// A number that traps ends the process, so that the pages are made in one of their own: its standard error then ends
  /// with the seed.
  @Test func `Runs with extreme points go through every page`() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      for seed in 0..<12 as Range<UInt64> {
        try StandardStream.error.write("seed \(seed)\n")
        var random = SeededRandom(seed: seed)
        let files = (0..<2).map { _ in ExtremeRun.eventFile(using: &random) }
        let folder = try TemporaryFolder()
        _ = try EveryPage.make(of: files, in: folder.path)
      }
    }
    if let errors = result?.standardErrorContent {
      #expect(String(decoding: errors.suffix(200), as: UTF8.self).contains("seed 11"))
    }
  }
}
