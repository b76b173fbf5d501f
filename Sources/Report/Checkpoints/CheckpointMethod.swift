internal import Analysis
internal import Checkpoint
internal import Weights

/// How the figures of checkpoints were computed, as the end of a page.
struct CheckpointMethod {
  private let comparison: CheckpointComparison
  private let change: String

  init(_ analysis: CheckpointAnalysis) {
    comparison = analysis.comparison
    change = CheckpointLabels(analysis).change
  }

  var blocks: [Document.Block] {
    [.section("Method")] + sentences.map { .paragraph(InlineText($0)) }
  }

  private var sentences: [String] {
    var lines: [String] = []
    if !comparison.modules.isEmpty {
      lines.append(
        "ΔW = scaling · B·A with PEFT's scaling (α/r; α/√r where rank-stabilised). It is never built: norms, angles and singular values come from the Gram matrices of A and B in float64, for two checkpoints of one rank from those of A, B and their differences, so that small changes keep their digits."
      )
      lines.append(
        "Norms are Frobenius norms. \(Verdict.capitalised(change)) is ‖ΔW₂ − ΔW₁‖/‖ΔW₁‖. Stable rank is Σσ²/σ₁², effective rank exp H(σ/Σσ). Overlap is φ(k, k) = ‖U₁ᵀU₂‖²/k of the k = 8 leading singular directions (all, where there are fewer), 1 for the same subspace; random directions would give k/d."
      )
      if comparison.modules.contains(where: { $0.extent == .whole }) {
        lines.append(
          "Where s·B·A is a part of the change alone, ΔW is all of it, made row by row in float64 from the base model: with DoRA m·(W + s·B·A)/‖W + s·B·A‖ − W, with KaSA s·B·diag·A − P, where P are the smallest singular directions that its start took from W. Singular values are not computed for it."
        )
      }
      if comparison.modules.contains(where: { $0.extent == .part }) {
        lines.append(
          "Where DoRA's magnitudes or KaSA's start change more of a weight, ΔW is the low-rank part here; the magnitudes stand among the further tensors."
        )
      }
      if comparison.modules.contains(where: { $0.base != nil }) {
        lines.append(
          "Intruders are those of the ten leading left singular vectors of W + ΔW whose |cos| with every left singular vector of W is below 0.5 (arXiv 2410.21228). One that has half of its squared length within the span of the sixteen leading left singular vectors of W (of a quarter of the rows, where those are fewer than 64) mixes the base's own directions, and is not called foreign to it. Weights whose lesser extent is at most 1,024 are decomposed in full, in float64. For larger ones the vectors come from a block Krylov method in float32, and count as found where ‖(MMᵀ − σ²)u‖ is within 1 % of σ²; whether one has a counterpart in W is decided by Lanczos' method started at it: yes where a Ritz value with a squared cosine of at least 0.25 has converged to 0.1 %, no where no two neighbouring ones have 0.25 together, which bounds the squared cosine with any singular vector from above. What neither decides within 48 steps is given as open and not counted; weights of more than 268 million elements have a dash."
        )
      }
    } else {
      lines.append(
        "Norms are Frobenius norms; \(change) is ‖W₂ − W₁‖/‖W₁‖; changed counts elements whose bits differ."
      )
    }
    lines.append(
      "Elements that are NaN or infinite on either side count nothing, and are listed as findings.")
    return lines
  }
}
