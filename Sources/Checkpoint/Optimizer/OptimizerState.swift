public import JSON

/// What an optimizer kept of each parameter: Adam's moments and the step.
public struct OptimizerState: Sendable {
  /// The moments as a checkpoint of their own, named `<parameter>.exp_avg` and so on.
  public let moments: Checkpoint
  /// The parameter groups.
  public let groups: [Group]
  /// The parameters, in the order of the file.
  public let parameters: [Parameter]
  /// Whether the file has numbers only, and the names are those of the weights beside it: in the order in which HF
  /// Trainer hands them to its optimizer, with every count and shape fitting.
  public let isNamedByOrder: Bool

  /// The parameters of the groups that have no state at all, by name or number: torch makes a state with the first
  /// gradient, so that these never got one.
  public private(set) var withoutState: [String] = []

  /// Parameters that share their settings.
  public struct Group: Equatable, Sendable {
    /// The settings (learning rate, betas, weight decay, …), parameters left out.
    public let settings: [JSONValue.Member]
    /// How many parameters the group has, where the file says so.
    public let parameterCount: Int?

    /// The setting called `name`.
    public subscript(name: String) -> JSONValue? { settings.first { $0.key == name }?.value }
  }

  /// What was kept of one parameter.
  public struct Parameter: Equatable, Sendable {
    /// The name, or the parameter's number where it is not known.
    public let name: String
    /// How many steps the optimizer took for it.
    public let step: Double?
    /// The index in `moments.tensors` of the running mean of the gradient.
    public let mean: Int?
    /// The index in `moments.tensors` of the running mean of the squared gradient.
    public let square: Int?
    /// The shape of the parameter, as far as its moments tell; of Adafactor's that of what it keeps.
    public let shape: [Int]?
  }

  /// The parameters whose moments are zero in every element: they have a state and never got a gradient. The second
  /// moment counts, or the only one there is.
  ///
  /// - Complexity: O(bytes of the moments); stops at the first element that is not zero.
  public func parametersWithoutGradient() throws(CheckpointError) -> [Parameter] {
    var found: [Parameter] = []
    for parameter in parameters {
      guard let moment = parameter.square ?? parameter.mean, moments.tensors[moment].elementCount > 0 else {
        continue
      }
      let isScale = moments.tensors[moment].name.hasSuffix(MomentNames.scale)
      let isZero = try moments.withBytes(ofTensorAt: moment) {
        isScale ? $0.isBelow(MomentNames.leastScale) : $0.isZero
      }
      if isZero { found.append(parameter) }
      moments.release(tensorAt: moment)
    }
    return found
  }

  /// The parameters with a state of which no moment is readable, so that it cannot be told whether they got a gradient.
  public var unexamined: [Parameter] {
    parameters.filter { parameter in
      guard let moment = parameter.square ?? parameter.mean else { return true }
      return moments.tensors[moment].elementCount == 0
    }
  }

  /// A copy that knows which parameters have no state.
  func lacking(_ names: [String]) -> Self {
    var copy = self
    copy.withoutState = names
    return copy
  }
}

extension RawSpan {
  /// Whether no float32 is more than `limit`.
  fileprivate func isBelow(_ limit: Float) -> Bool {
    stride(from: 0, through: byteCount - 4, by: 4).allSatisfy {
      unsafe unsafeLoadUnaligned(fromByteOffset: $0, as: Float.self) <= limit
    }
  }

  /// Whether every byte is zero.
  fileprivate var isZero: Bool {
    var offset = 0
    while offset + 8 <= byteCount {
      if unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self) != 0 { return false }
      offset += 8
    }
    while offset < byteCount {
      if unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) != 0 { return false }
      offset += 1
    }
    return true
  }
}

/// The names that Adam and its kin give what they keep of a parameter.
enum MomentNames {
  /// Means of the gradient: Adam's, the momentum of SGD, Lion, Muon and RMSprop, `state1` of bitsandbytes, torchao's codes.
  static let mean: Set<String> = ["exp_avg", "momentum_buffer", "state1", "exp_avg.codes"]
  /// Means of its square: Adam's, Adafactor's by rows (torch's has other names), RMSprop's, the sums of Adagrad, `state2` of bitsandbytes, and in
  /// the place of its codes their scales, which are 0 where no gradient was.
  static let square: Set<String> = [
    "exp_avg_sq", "exp_avg_sq_row", "row_var", "variance", "square_avg", "sum", "absmax2", "state2", scale,
  ]
  /// torchao's scales of the codes of the second moment …
  static let scale = "exp_avg_sq.scale"
  /// … and the least that it sets, of moments that are 0.
  static let leastScale: Float = 1e-12
}
