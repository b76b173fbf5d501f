/// The version of the package: the one place where it stands. The wheel, the release and the manual read it here.
enum Version {
  static let current = "0.2.0"
}
