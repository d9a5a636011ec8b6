package import Files

/// A preset that cannot be read, written or used; `file` names it.
package struct PresetError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// The system refused.
    case file(FileError)
    /// More bytes than a preset can have.
    case tooLarge(bytes: Int, limit: Int)
    case notJSON(JSONSyntaxError)
    /// JSON, but without the field `mien` that says it is a preset.
    case notPreset
    /// Written in a format this program does not know; `found` as it stands in the file.
    case version(found: String)
    /// `field` is a path: `edits[2].strength`.
    case missingField(String)
    case wrongType(field: String, found: String, expected: String)
    case notFinite(field: String)
    /// A value of the right type that means nothing; `problem` says what it should be.
    case invalidValue(field: String, problem: String)
    /// The preset was made for another model. A caller may warn and go on.
    case otherModel(preset: ModelReference, loaded: ModelReference)
    /// The recipe means nothing on the loaded model.
    case recipe(LatentError)
    /// A preset of that name is there already and overwriting was not asked for.
    case exists(name: String)
    case noSuchPreset(name: String)
    /// A name that makes no file name.
    case name(String)
  }

  package let file: String
  package let reason: Reason

  package init(file: String, reason: Reason) {
    self.file = file
    self.reason = reason
  }
}

extension PresetError: CustomStringConvertible {
  package var description: String {
    switch reason {
    case .file(let error): error.description
    case .tooLarge(let bytes, let limit):
      "\(file): \(bytes) bytes is too much for a preset, which has \(limit) at most"
    case .notJSON(let error): "\(file): not JSON: \(error)"
    case .notPreset: "\(file): not a preset: it has no field \"mien\""
    case .version(let found):
      "\(file): the preset has format version \(found), this program reads version 1"
    case .missingField(let field): "\(file): the field \(field) is missing"
    case .wrongType(let field, let found, let expected):
      "\(file): \(field) is \(found), expected \(expected)"
    case .notFinite(let field): "\(file): \(field) is not a finite number"
    case .invalidValue(let field, let problem): "\(file): \(field): \(problem)"
    case .otherModel(let preset, let loaded):
      "\(file): the preset was made for \(PresetError.words(preset, besides: loaded)), "
        + "the loaded model is \(PresetError.words(loaded, besides: preset))"
    case .recipe(let error): "\(file): \(error)"
    case .exists(let name): "\(file): a preset named \"\(name)\" exists already"
    case .noSuchPreset(let name): "\(file): there is no preset named \"\(name)\""
    case .name(let name): "\"\(name)\" cannot be the name of a preset"
    }
  }

  /// The model's name; models of one name are told apart by their checksums.
  private static func words(_ model: ModelReference, besides other: ModelReference) -> String {
    guard model.name == other.name, let sha256 = model.sha256 else { return "\"\(model.name)\"" }
    return "\"\(model.name)\" (sha256 \(sha256.prefix(12))…)"
  }
}
