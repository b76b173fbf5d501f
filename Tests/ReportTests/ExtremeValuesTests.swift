import Bytes
import TestSupport
import Testing

/// What `Fuzz/run 60 Values` does without end, for sixty seeds. A number that traps ends the whole run of the tests, so
/// that it is asked for by name: `FTREPORT_VALUES=1 swift test --filter ExtremeValuesTests`.
@Suite(.enabled(if: Environment["FTREPORT_VALUES"] != nil, "FTREPORT_VALUES asks for it"))
struct ExtremeValuesTests {
  @Test(arguments: 0..<60)
  func `Runs with extreme points go through every page`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let files = (0..<2).map { _ in ExtremeRun.eventFile(using: &random) }
    let folder = try TemporaryFolder()
    _ = try EveryPage.make(of: files, in: folder.path)
  }
}
