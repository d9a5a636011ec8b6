import ArgumentParser

/// Where a seed's normal numbers are used.
enum SamplingSpace: String, ExpressibleByArgument, CaseIterable {
  /// As z, the input of the mapping network: what every reference tool does.
  case z
  /// As coordinates in W along its principal components, each scaled by W's standard deviation: a
  /// normal distribution with the mean and covariance of W. Faces are more average than those of
  /// z, because W is not normal.
  case w
}
