public import EventFile

/// The sessions of the plugin `hparams`, with their settings, the metrics that they are judged by, and how they ended.
public struct HyperparameterTable: Equatable, Sendable {
  /// The names of the hyperparameters: those of the experiment in its order, then others as they come.
  public private(set) var parameters: [String] = []
  /// The tags of the metrics: those of the experiment, or, where it names none that a session has, those that all have.
  public private(set) var metrics: [String] = []
  /// How many metrics that all sessions have are left out.
  public private(set) var omittedMetricCount = 0
  /// The sessions, in the order of their runs.
  public private(set) var sessions: [Session]

  /// The most metrics where no experiment names them.
  static let mostMetrics = 8

  /// A session: one training, as its writer saw it.
  public struct Session: Equatable, Sendable {
    /// Which of the runs it is of, or in.
    public var run: Int
    /// The folder in which it was written, where the run has several; else empty.
    public var folder: String
    /// The group of repetitions that it belongs to; often empty.
    public var group: String
    /// How it ended; nil where it does not say.
    public var status: HyperparameterRecord.SessionStatus?
    /// The hyperparameters.
    public var hyperparameters: [Hyperparameter]
    /// The last value of each metric, and their tags in order of first appearance.
    public var values: [(tag: String, value: Double)]

    /// A session from its parts.
    public init(
      run: Int, folder: String = "", group: String = "", status: HyperparameterRecord.SessionStatus? = nil,
      hyperparameters: [Hyperparameter] = [], values: [(tag: String, value: Double)] = []
    ) {
      self.run = run
      self.folder = folder
      self.group = group
      self.status = status
      self.hyperparameters = hyperparameters
      self.values = values
    }

    /// The value of a hyperparameter; nil where the session has none of this name.
    public func parameter(_ name: String) -> Hyperparameter.Value? {
      hyperparameters.first { $0.name == name }?.value
    }

    /// The last value of a metric; nil where the session has none of this tag.
    public func metric(_ tag: String) -> Double? { values.first { $0.tag == tag }?.value }

    /// Whether two sessions say the same.
    public static func == (left: Session, right: Session) -> Bool {
      left.run == right.run && left.folder == right.folder && left.group == right.group
        && left.status == right.status && left.hyperparameters == right.hyperparameters
        && left.values.elementsEqual(right.values) { $0.tag == $1.tag && $0.value == $1.value }
    }
  }

  /// The table of `sessions`; nil where there are none.
  public init?(_ sessions: [Session], experiments: [HyperparameterExperiment]) {
    guard !sessions.isEmpty else { return nil }
    self.sessions = sessions
    let named = experiments.flatMap(\.parameters).map(\.name)
    let used = sessions.flatMap { $0.hyperparameters.map(\.name) }
    let known = Set(used)
    parameters = Self.unique(named.filter(known.contains) + used)
    let tags = sessions.map { Set($0.values.map(\.tag)) }
    let all = tags.reduce(into: Set<String>()) { $0.formUnion($1) }
    metrics = Self.unique(experiments.flatMap(\.metrics).map(\.path)).filter(all.contains)
    guard metrics.isEmpty else { return }
    let shared = sessions[0].values.map(\.tag).filter { tag in tags.allSatisfy { $0.contains(tag) } }
    metrics = Array(shared.prefix(Self.mostMetrics))
    omittedMetricCount = shared.count - metrics.count
  }

  /// The hyperparameters that are not the same in all sessions.
  public var varying: [String] {
    parameters.filter { name in
      let first = sessions[0].parameter(name)
      return !sessions.allSatisfy { $0.parameter(name) == first }
    }
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}

extension HyperparameterExperiment.Metric {
  /// The tag as a run has it: that of a folder below the session's has its name before it.
  public var path: String { group.isEmpty ? tag : group + "/" + tag }
}
