import Libc
import Testing

@testable import Report

/// How different two colours look, to eyes of three kinds.
enum ColourDifference {
  /// The eyes: what they make of linear sRGB (Machado, Oliveira, Fernandes: "A Physiologically-based Model for
  /// Simulation of Color Vision Deficiency", 2009, severity 1).
  enum Eyes: CaseIterable {
    case usual, protanopic, deuteranopic

    var matrix: [[Double]] {
      switch self {
      case .usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
      case .protanopic:
        [
          [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
        ]
      case .deuteranopic:
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
      }
    }
  }

  /// The difference by CIEDE2000.
  static func between(_ one: Colour, _ other: Colour, _ eyes: Eyes) -> Double {
    ciede2000(lab(one, eyes), lab(other, eyes))
  }

  private static func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  static func lab(_ colour: Colour, _ eyes: Eyes) -> [Double] {
    let linear = [16, 8, 0].map { shift -> Double in
      let channel = Double(colour.value >> UInt32(shift) & 0xFF) / 255
      return channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4)
    }
    let seen = product(eyes.matrix, linear).map { min(max($0, 0), 1) }
    let xyz = product(
      [
        [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
      ],
      seen)
    let f = zip(xyz, [0.95047, 1, 1.08883]).map { value, white -> Double in
      let share = value / white
      return share > 0.008856 ? cbrt(share) : 7.787 * share + 16.0 / 116
    }
    return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
  }

  /// Sharma, Wu, Dalal: "The CIEDE2000 Color-Difference Formula", 2005.
  static func ciede2000(_ one: [Double], _ other: [Double]) -> Double {
    let chroma = (hypot(one[1], one[2]) + hypot(other[1], other[2])) / 2
    let g = 0.5 * (1 - (pow(chroma, 7) / (pow(chroma, 7) + pow(25, 7))).squareRoot())
    let (a1, a2) = (one[1] * (1 + g), other[1] * (1 + g))
    let (c1, c2) = (hypot(a1, one[2]), hypot(a2, other[2]))
    func degrees(_ y: Double, _ x: Double) -> Double {
      let angle = atan2(y, x) * 180 / .pi
      return angle < 0 ? angle + 360 : angle
    }
    let (h1, h2) = (degrees(one[2], a1), degrees(other[2], a2))
    var turn = c1 * c2 == 0 ? 0 : h2 - h1
    if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
    let (dL, dC) = (other[0] - one[0], c2 - c1)
    let dH = 2 * (c1 * c2).squareRoot() * sin(turn / 2 * .pi / 180)
    let (mL, mC) = ((one[0] + other[0]) / 2, (c1 + c2) / 2)
    var mH = c1 * c2 == 0 ? h1 + h2 : (h1 + h2) / 2
    if c1 * c2 != 0, abs(h1 - h2) > 180 { mH += mH < 180 ? 180 : -180 }
    func cosine(_ angle: Double) -> Double { cos(angle * .pi / 180) }
    let t1 = 1 - 0.17 * cosine(mH - 30) + 0.24 * cosine(2 * mH)
    let t = t1 + 0.32 * cosine(3 * mH + 6) - 0.20 * cosine(4 * mH - 63)
    let off = (mL - 50) * (mL - 50)
    let sL = 1 + 0.015 * off / (20 + off).squareRoot()
    let (sC, sH) = (1 + 0.045 * mC, 1 + 0.015 * mC * t)
    let angle = 60 * exp(-pow((mH - 275) / 25, 2))
    let rT = -sin(angle * .pi / 180) * 2 * (pow(mC, 7) / (pow(mC, 7) + pow(25, 7))).squareRoot()
    let sum = pow(dL / sL, 2) + pow(dC / sC, 2) + pow(dH / sH, 2)
    return (sum + rT * dC / sC * dH / sH).squareRoot()
  }
}
