package import Checkpoints
package import Tensors

/// A stored tensor and what must be done to it to have it in our layout.
package struct SourceTensor: Sendable {
  /// A change between a writer's conventions and ours; pure data.
  package enum Step: Hashable, Sendable {
    /// Drop axes of extent 1 in front until this many are left.
    case trim(rank: Int)
    /// Make it flat.
    case flatten
    /// New axis i is old axis order[i].
    case permute([Int])
    /// Mirror along these axes.
    case flip([Int])
    case add(Float)
    case multiply(Float)
  }

  let view: TensorView
  let steps: [Step]

  package init(_ view: TensorView, _ steps: [Step] = []) {
    self.view = view
    self.steps = steps
  }

  package var type: ElementType { view.type }

  /// The shape after the steps; nil where a step does not fit the stored rank.
  package var shape: [Int]? {
    var shape = view.shape
    for step in steps {
      switch step {
      case .trim(let rank):
        guard let trimmed = Self.trimmed(shape, rank: rank) else { return nil }
        shape = trimmed
      case .flatten: shape = [shape.reduce(1, *)]
      case .permute(let order):
        guard order.count == shape.count else { return nil }
        shape = order.map { shape[$0] }
      case .flip(let axes):
        guard axes.allSatisfy(shape.indices.contains) else { return nil }
      case .add, .multiply: break
      }
    }
    return shape
  }

  /// - Precondition: `shape` is not nil.
  package func tensor() -> Tensor {
    var tensor = view.tensor()
    for step in steps {
      let extents = tensor.shape.dimensions
      switch step {
      case .trim(let rank):
        tensor = tensor.reshaped(Shape(Self.trimmed(extents, rank: rank) ?? extents))
      case .flatten: tensor = tensor.reshaped([tensor.count])
      case .permute(let order): tensor = Self.rearranged(tensor, order: order, mirrored: [])
      case .flip(let axes):
        tensor = Self.rearranged(tensor, order: Array(extents.indices), mirrored: Set(axes))
      case .add(let term): tensor = Tensor(tensor.values.map { $0 + term }, shape: tensor.shape)
      case .multiply(let factor):
        tensor = Tensor(tensor.values.map { $0 * factor }, shape: tensor.shape)
      }
    }
    return tensor
  }

  private static func trimmed(_ shape: [Int], rank: Int) -> [Int]? {
    let surplus = shape.count - rank
    guard surplus >= 0, shape.prefix(surplus).allSatisfy({ $0 == 1 }) else { return nil }
    return Array(shape.dropFirst(surplus))
  }

  /// Axes in a new order, some of them backwards.
  private static func rearranged(_ tensor: Tensor, order: [Int], mirrored: Set<Int>) -> Tensor {
    let old = tensor.shape.dimensions
    var oldStrides = old
    var step = 1
    for axis in old.indices.reversed() {
      oldStrides[axis] = step
      step *= old[axis]
    }
    let shape = order.map { old[$0] }
    let strides = order.map { mirrored.contains($0) ? -oldStrides[$0] : oldStrides[$0] }
    let start = mirrored.reduce(0) { $0 + (old[$1] - 1) * oldStrides[$1] }
    return unsafe Tensor(shape: Shape(shape)) { destination in
      unsafe tensor.withUnsafeBuffer { source in
        guard !destination.isEmpty else { return }
        var index = [Int](repeating: 0, count: shape.count)
        var from = start
        for place in 0..<destination.count {
          unsafe destination[place] = source[from]
          var axis = shape.count - 1
          while axis >= 0 {
            index[axis] += 1
            from += strides[axis]
            if index[axis] < shape[axis] { break }
            from -= strides[axis] * shape[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
    }
  }
}
