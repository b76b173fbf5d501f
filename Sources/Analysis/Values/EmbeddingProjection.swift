public import RunFolder
internal import Weights

/// An embedding along the two directions in which its vectors differ most.
public struct EmbeddingProjection: Equatable, Sendable {
  /// The name that the writer gave it.
  public var name: String
  /// The number of vectors in its file.
  public private(set) var rowCount = 0
  /// The number of the numbers in each.
  public private(set) var columnCount = 0
  /// The coordinates of the vectors that were taken, along the first direction.
  public private(set) var x: [Double] = []
  /// The same along the second direction.
  public private(set) var y: [Double] = []
  /// The shares of the variance along both.
  public private(set) var shares: [Double] = []
  /// What tells the vectors apart: the labels of a column with few of them, in order of first appearance; empty for none.
  public private(set) var groups: [String] = []
  /// Which of these each vector has.
  public private(set) var groupIndices: [Int] = []
  /// The name of their column; often empty.
  public private(set) var groupName = ""
  /// A label for each vector, where there are few vectors; else empty.
  public private(set) var labels: [String] = []
  /// Why there is none, in words; nil where there is.
  public private(set) var obstacle: String?

  /// The most vectors that are taken.
  public static let rowLimit = 4096
  /// The most vectors that are taken where each has more numbers than this.
  public static let columnLimit = 512
  /// The most numbers that are taken.
  public static let elementLimit = 1 << 21
  /// The most labels that colours tell apart.
  static let mostGroups = 8
  /// The most vectors that have their labels beside them.
  static let mostLabels = 30

  /// An embedding that could not be read.
  public init(_ embedding: Embedding, obstacle: String) {
    name = embedding.name
    self.obstacle = obstacle
  }

  /// The projection of the vectors in `table`, by principal components.
  public init(_ embedding: Embedding, _ table: EmbeddingTable) {
    name = embedding.name
    rowCount = table.rowCount
    columnCount = table.columnCount
    guard
      let components = PrincipalComponents(
        of: table.elements, rows: table.rows.count, columns: table.columnCount)
    else {
      obstacle = "its vectors are all the same"
      return
    }
    x = components.scores[0]
    // Vectors of one number each lie on a line.
    y = components.scores.count > 1 ? components.scores[1] : x.map { _ in 0 }
    shares = [components.shares[0], components.shares.count > 1 ? components.shares[1] : 0]
    tellApart(table)
  }

  private mutating func tellApart(_ table: EmbeddingTable) {
    guard !table.labels.isEmpty else { return }
    for column in table.labelNames.indices {
      let names = table.labels.map { $0[column] }
      var order: [String] = []
      var places: [String: Int] = [:]
      for name in names where places[name] == nil && order.count <= Self.mostGroups {
        places[name] = order.count
        order.append(name)
      }
      guard (2...Self.mostGroups).contains(order.count), order.count * 2 <= names.count else { continue }
      groups = order
      groupIndices = names.map { places[$0] ?? 0 }
      groupName = table.labelNames[column]
      break
    }
    if table.rows.count <= Self.mostLabels { labels = table.labels.map { $0[0] } }
  }

  /// The number of vectors that were taken.
  public var usedCount: Int { x.count }
}
