/// Which parameter the factors of a module are for, where an adapter targets parameters (`target_parameters`).
///
/// PEFT wraps a module once for each of its parameters, in the order in which the module registers them: the factors of
/// the last stand under the module's own name, those before it under `.base_layer`, once for each wrapper. Patterns of
/// ranks and α are held against the name of the parameter.
struct TargetParameters {
  private let targets: [String]
  private let modules: Set<String>

  init(_ targets: [String], modules: [String]) {
    self.targets = targets
    self.modules = Set(modules)
  }

  /// The name of the parameter that the factors of `module` are for; that of the module where it cannot be told.
  func parameter(of module: String) -> String {
    guard !targets.isEmpty else { return module }
    var root = module, depth = 0
    while root.hasSuffix(".base_layer") {
      root = String(root.dropLast(11))
      depth += 1
    }
    let names = targets.compactMap { target -> String? in
      let parts = target.split(separator: ".")
      guard let last = parts.last else { return nil }
      let above = parts.dropLast().joined(separator: ".")
      return above.isEmpty || root == above || root.hasSuffix("." + above) ? String(last) : nil
    }
    var count = 1
    while modules.contains(root + String(repeating: ".base_layer", count: count)) { count += 1 }
    guard names.count == count, depth < count else { return module }
    return root + "." + names.sorted { Self.place($0) < Self.place($1) }[count - 1 - depth]
  }

  /// The order in which experts register their weights: what goes in before what comes out.
  private static func place(_ name: String) -> (Int, String) {
    let isOut = ["down", "w2", "out", "linear_2"].contains { name.contains($0) }
    return (isOut ? 1 : 0, name)
  }
}
