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
  }

  /// The parameters whose second moment is zero in every element: they never got a gradient.
  ///
  /// - Complexity: O(bytes of the second moments); stops at the first element that is not zero.
  public func parametersWithoutGradient() throws(CheckpointError) -> [Parameter] {
    var found: [Parameter] = []
    for parameter in parameters {
      guard let square = parameter.square, moments.tensors[square].elementCount > 0 else { continue }
      if try moments.withBytes(ofTensorAt: square, { $0.isZero }) { found.append(parameter) }
      moments.release(tensorAt: square)
    }
    return found
  }
}

extension RawSpan {
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
  static let mean: Set<String> = ["exp_avg", "momentum_buffer"]
  static let square: Set<String> = ["exp_avg_sq"]
}
