import NN
import Tensors

extension NetworkSource {
  /// The mean of w over many z, for checkpoints that do not carry it.
  ///
  /// 10,000 samples of NumPy's RandomState(123), as the reference projector takes.
  func computedWAverage(_ configuration: GeneratorConfiguration) throws -> Tensor {
    var mapping = MappingNetwork(configuration)
    let zeros = Tensor(zeros: [configuration.wDim])
    var loader = ParameterLoader { $0 == "w_avg" ? zeros : try self.tensor("mapping." + $0) }
    try mapping.visit(&loader)
    var random = NumPyRandomState(seed: 123)
    var sum = [Double](repeating: 0, count: configuration.wDim)
    let (batches, rows) = (10, 1000)
    for _ in 0..<batches {
      let z = random.standardNormal(rows * configuration.zDim)
      var classes: Tensor?
      if configuration.cDim > 0 {
        classes = Tensor(
          repeating: 1 / Float(configuration.cDim), shape: [rows, configuration.cDim])
      }
      let w = mapping(z: Tensor(z, shape: [rows, configuration.zDim]), classes: classes).values
      for (index, value) in w.enumerated() { sum[index % configuration.wDim] += Double(value) }
    }
    return Tensor(
      sum.map { Float($0 / Double(batches * rows)) }, shape: [configuration.wDim])
  }
}
