/// The runs in one folder, among which a later source looks for the one that it goes on from.
///
/// Those that trained over the same steps are kept together with the time of the first end among them, so that of the
/// thousands of a sweep none is looked at where none had ended.
struct SiblingRuns {
  /// What runs have in common that fit a source for the same reason.
  private struct Course: Hashable {
    var steps: ClosedRange<Int64>
    var interval: Int64
  }

  /// The runs of one course, by their positions in `runs`; those that went on since are still among them.
  private struct Company {
    var positions: [Int] = []
    var firstEnd = Double.infinity
  }

  private var runs: [(group: Int, reach: RunAssembly.Reach)] = []
  private var companies: [Course: Company] = [:]

  /// Adds a run that is the group `group`.
  mutating func add(_ group: Int, _ reach: RunAssembly.Reach) {
    runs.append((group, reach))
    note(runs.count - 1)
  }

  /// Lets the latest run that fits go on to `reach`, and gives its group; nil where none fits.
  mutating func goOn(to reach: RunAssembly.Reach) -> Int? {
    var latest: Int?
    for (course, company) in companies where company.firstEnd <= reach.start {
      guard reach.follows(course.steps, interval: course.interval) else { continue }
      for position in company.positions where position > (latest ?? -1) {
        let before = runs[position].reach
        if before.steps == course.steps, before.interval == course.interval, before.end <= reach.start {
          latest = position
        }
      }
    }
    guard let latest else { return nil }
    runs[latest].reach = reach
    note(latest)
    return runs[latest].group
  }

  private mutating func note(_ position: Int) {
    let reach = runs[position].reach
    let course = Course(steps: reach.steps, interval: reach.interval)
    var company = companies.removeValue(forKey: course) ?? Company()
    company.positions.append(position)
    company.firstEnd = min(company.firstEnd, reach.end)
    companies[course] = company
  }
}
