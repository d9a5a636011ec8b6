package import Tensors

/// A tensor that a layer owns and a checkpoint fills: its shape is known from the configuration,
/// its values once they are loaded or initialised.
package struct Parameter: Sendable {
  package enum Role: Sendable {
    /// Changed by an optimiser.
    case trained
    /// Kept with the network, not trained (running averages, noise maps).
    case buffer
  }

  package let shape: Shape
  package let role: Role
  private var loaded: Tensor?

  package init(_ shape: Shape, role: Role = .trained) {
    self.shape = shape
    self.role = role
  }

  package var isLoaded: Bool { loaded != nil }

  /// The values. Reading a parameter that was never loaded is our own mistake and traps.
  package var tensor: Tensor {
    get {
      guard let loaded else { preconditionFailure("a parameter of \(shape) was never loaded") }
      return loaded
    }
    set {
      precondition(newValue.shape == shape, "a tensor of \(newValue.shape) for \(shape)")
      loaded = newValue
    }
  }
}
