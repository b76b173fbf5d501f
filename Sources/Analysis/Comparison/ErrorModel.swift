/// Where the noise of a figure comes from.
public enum ErrorModel: String, Sendable {
  /// The figure has no noise: a count, a setting, two curves that are the same.
  case none
  /// The scatter of the points of a window about their trend, neighbours allowed for.
  case window
  /// The same, of points that were freed from what repeats in every epoch.
  case rhythm
  /// The distances of neighbouring evaluations, and what evaluations of fine-tunings show in general.
  case evaluation
  /// The distances of the points around a single one.
  case point
  /// The distances of the points around the least or the greatest one, and that it was chosen among many.
  case extreme
  /// The scatter of all points about their trend.
  case curve
  /// The differences of two runs that saw the same data in the same order.
  case differences
}
