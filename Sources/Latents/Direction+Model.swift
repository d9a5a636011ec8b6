package import StyleGAN
import Tensors

extension Direction {
  /// A direction that came with a model, in the unit it came with.
  ///
  /// A kind this program does not know counts as imported, rows it cannot read as all: neither
  /// keeps a model from being used.
  package init(_ named: NamedDirection) {
    self.init(
      name: named.name, kind: Kind(rawValue: named.kind) ?? .imported,
      rows: (try? LayerRange(parsing: named.rows)) ?? .all, vector: named.vector.values,
      r2: named.r2)
  }
}

extension DirectionLibrary {
  /// The directions bundled with a model.
  package init(attributes: [NamedDirection]) {
    self.init(attributes.map { Direction($0) })
  }
}

extension ModelReference {
  package init(_ model: Model) {
    self.init(name: model.name, sha256: model.sha256)
  }
}
