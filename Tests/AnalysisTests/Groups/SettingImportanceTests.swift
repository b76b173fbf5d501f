import JSON
import RunFolder
import Testing

@testable import Analysis

@Suite struct SettingImportanceTests {
  @Test func `shares are those of scipy's analysis of variance`() throws {
    for row in try #require(try Truth.load("importance", from: "sweep.json").array) {
      let (left, right) = (try row.numbers("left"), try row.numbers("right"))
      let runs = try row.numbers("figures").enumerated().map { index, figure in
        GroupRuns.run(
          "x\(index)",
          settings: [
            ("learning_rate", "\(left[index] + 1)"), ("r", "\(Int(right[index]))"), ("seed", "\(index)"),
          ],
          figure: figure)
      }
      let groups = try #require(try RunGroups(of: GroupRuns.analyses(runs)))
      let importance = try #require(SettingImportance(of: groups))
      for share in importance.settings {
        let side = groups.settings[share.setting].name == "r" ? "right" : "left"
        #expect(agree(try #require(share.share), try row.number("\(side)_share"), 1e-9))
        #expect(agree(try #require(share.rankCorrelation), try row.number("\(side)_rank_correlation"), 1e-9))
      }
      #expect(abs(try #require(importance.pairs.first).share - (try row.number("interaction"))) < 1e-9)
      #expect(agree(try #require(importance.remainder), try row.number("remainder"), 1e-8))
    }
  }

  @Test func `numbers that no two runs share are taken in ranges`() throws {
    let runs = (0..<40).map { index in
      GroupRuns.run(
        "x\(index)",
        settings: [("learning_rate", "\(Double(index + 1) * 1e-5)"), ("weight_decay", "\(index * 7 % 40)")],
        figure: 2 - Double(index) / 40)
    }
    let groups = try #require(try RunGroups(of: GroupRuns.analyses(runs)))
    let importance = try #require(SettingImportance(of: groups))
    #expect(groups.settings[importance.settings[0].setting].name == "learning_rate")
    #expect(importance.settings[0].levels.map(\.count) == [8, 8, 8, 8, 8])
    #expect((importance.settings[0].share ?? 0) > 0.9)
    #expect(importance.settings[0].rankCorrelation == -1)
    #expect(importance.remainder == nil)
  }

  /// An optimum in the middle, with few seeds a value: two ranges would not see it.
  @Test(arguments: [2, 3, 4, 5], [2, 3])
  func `values with repeats are levels of their own`(values: Int, seeds: Int) throws {
    let runs = (0..<values).flatMap { value in
      (0..<seeds).map { seed in
        let distance = Double(value) - Double(values - 1) / 2
        return GroupRuns.run(
          "x\(value)s\(seed)", settings: [("learning_rate", "\(value + 1)e-4"), ("seed", "\(seed)")],
          figure: 1 + (values == 2 ? Double(value) : distance * distance) / 10 + 0.001 * Double(seed))
      }
    }
    guard runs.count >= 6 else { return }
    let groups = try #require(try RunGroups(of: GroupRuns.analyses(runs)))
    let importance = try #require(SettingImportance(of: groups))
    let share = try #require(importance.settings[0].share)
    #expect(share > 0.97)
    // One setting alone explains all that the settings explain.
    #expect(agree(share, 1 - (try #require(importance.remainder)), 1e-9))
    #expect(importance.settings[0].levels.count == values)
  }

  /// Two ranges would share it evenly, and find nothing.
  @Test func `an optimum in the middle of a random search shows`() throws {
    let runs = (0..<9).map { index in
      let distance = Double(index - 4)
      return GroupRuns.run(
        "x\(index)", settings: [("learning_rate", "\(index + 1)e-5")], figure: 1 + distance * distance / 10)
    }
    let groups = try #require(try RunGroups(of: GroupRuns.analyses(runs)))
    #expect(try #require(SettingImportance(of: groups)?.settings[0].share) > 0.3)
  }

  @Test func `few runs explain nothing`() throws {
    let runs = (0..<5).map {
      GroupRuns.run("x\($0)", settings: [("learning_rate", "\($0)")], figure: Double($0))
    }
    let groups = try #require(try RunGroups(of: GroupRuns.analyses(runs)))
    #expect(SettingImportance(of: groups) == nil)
    let constant = (0..<8).map { GroupRuns.run("x\($0)", settings: [("learning_rate", "\($0)")], figure: 1) }
    #expect(try SweepAnalysis(of: GroupRuns.analyses(constant)) == nil)
  }
}
