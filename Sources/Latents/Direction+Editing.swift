package import StyleGAN

extension Direction {
  /// Whether an edit of that strength does something. Strength 0 of an absolute direction does: it
  /// moves the face onto the plane.
  func moves(by strength: Float) -> Bool { editing == .absolute || strength != 0 }

  /// How far to go along `unit` from a code, for a strength.
  /// - Parameter code: of the direction's width.
  func step(from code: some Collection<Float>, strength: Float) -> Float {
    precondition(vectorRows == 1, "a code has one row")
    switch editing {
    case .relative: return strength * scale
    case .absolute:
      var position = 0.0
      if let center {
        for (x, (c, u)) in zip(code, zip(center, unit)) {
          position += (Double(x) - Double(c)) * Double(u)
        }
      } else {
        for (x, u) in zip(code, unit) { position += Double(x) * Double(u) }
      }
      return Float(Double(strength) * Double(scale) - position)
    }
  }

  /// Makes sure that the direction can be added to codes of that model.
  package func validate(for configuration: GeneratorConfiguration) throws(LatentError) {
    let expected = space == .z ? configuration.zDim : configuration.wDim
    guard width == expected else {
      throw .width(what: "the direction \"\(name)\"", found: width, expected: expected)
    }
    guard space != .wPlus || vectorRows == configuration.numWs else {
      throw .directionRows(name, found: vectorRows, expected: configuration.numWs)
    }
  }
}

extension Latent where Space == WPlus {
  /// Moves the rows in `range` along a direction of W or W+.
  mutating func move(along direction: Direction, by strength: Float, rows range: Range<Int>) {
    switch direction.editing {
    case .relative: add(direction.vector, times: strength, rows: range)
    case .absolute:
      // Each row has a position of its own.
      for row in range {
        let step = direction.step(from: self[row: row], strength: strength)
        add(direction.unit, times: step, rows: row..<row + 1)
      }
    }
  }
}

extension Latent where Space == Z {
  /// This z moved along directions of Z, in order.
  func moved(along steps: [(direction: Direction, strength: Float)]) -> Self {
    var values = values
    for (direction, strength) in steps {
      let step = direction.step(from: values, strength: strength)
      for i in values.indices { values[i] += step * direction.unit[i] }
    }
    return Self(values)
  }
}
