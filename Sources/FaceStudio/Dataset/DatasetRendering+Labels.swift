import Files

extension DatasetRendering {
  /// Writes `labels.csv`: the number of each picture and its labels. They follow from the seed, so
  /// nothing is rendered for it.
  package func writeLabels(_ kit: FaceKit) throws(DatasetError) {
    let basis = PeopleBasis(kit)
    do {
      let file = try AtomicFile(replacing: folder + "/labels.csv")
      try file.append(Array((["picture"] + Labels.names).joined(separator: ",").utf8) + [10])
      for index in 0..<count {
        let person = Person(z: Axis.draw(seed: description.seed, index: index), basis: basis)
        let cells = [String(index)] + person.labels.values.map { "\($0)" }
        try file.append(Array(cells.joined(separator: ",").utf8) + [10])
      }
      try file.commit()
    } catch { throw .file(error) }
  }
}
