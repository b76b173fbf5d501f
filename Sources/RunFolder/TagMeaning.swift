internal import Synchronization

/// What the name of a metric says, worked out once: runs have the same few tags, and are asked for each role many times.
struct TagMeaning {
  /// The rank of the name for each role, by ``MetricRole/place``; -1 where it is no name for it.
  private var ranks = SIMD8<Int8>(repeating: -1)
  /// Whether a word of it says that it is about data that is not trained on.
  let isEvaluation: Bool
  /// Whether its steps count something else than steps, as a word of it says.
  let isOnAnotherAxis: Bool

  private init(of tag: String) {
    let name = MetricName(tag)
    isEvaluation = name.isEvaluation
    isOnAnotherAxis = name.isOnAnotherAxis
    for role in MetricRole.allCases {
      if let rank = role.rank(of: name) { ranks[role.place] = Int8(clamping: rank) }
    }
  }

  /// How good a name for `role` it is, 0 being the best; nil where it is none.
  func rank(for role: MetricRole) -> Int? {
    let rank = ranks[role.place]
    return rank < 0 ? nil : Int(rank)
  }

  /// The first of the roles that it is a name for.
  var role: MetricRole? { MetricRole.allCases.first { ranks[$0.place] >= 0 } }

  /// More tags than most fleets have, so that memory is bounded; what is beyond is worked out anew each time.
  private static let limit = 1 << 14
  private static let known = Mutex<[String: TagMeaning]>([:])

  /// What `tag` says.
  static func of(_ tag: String) -> TagMeaning {
    if let meaning = known.withLock({ $0[tag] }) { return meaning }
    let meaning = TagMeaning(of: tag)
    known.withLock { if $0.count < limit { $0[tag] = meaning } }
    return meaning
  }
}

extension MetricRole {
  /// Where its rank stands.
  fileprivate var place: Int {
    switch self {
    case .trainLoss: 0
    case .evalLoss: 1
    case .learningRate: 2
    case .gradientNorm: 3
    case .epoch: 4
    case .meanTrainLoss: 5
    case .tokens: 6
    }
  }
}
