/// Networks that people mistake for a generator, told by the names of their tensors.
package enum ForeignNetwork: String, Hashable, Sendable, CaseIterable {
  case discriminator
  case diffusion
  case diffusionTransformer
  case lowRankAdapter
  case autoencoder
  case languageModel
  case clip
  case lpips
  case vgg
  case inception
  case resNet
  case encoder

  /// nil where the names are of nothing known.
  package init?(names: [String]) {
    func has(_ parts: String...) -> Bool {
      parts.allSatisfy { part in names.contains { $0.contains(part) } }
    }
    func begins(_ prefixes: String...) -> Bool {
      prefixes.allSatisfy { prefix in names.contains { $0.hasPrefix(prefix) } }
    }
    if has("lora_down.") || has("lora_A.") || has("lora_up.") {
      self = .lowRankAdapter
    } else if has("model.diffusion_model.")
      || begins("down_blocks.", "up_blocks.", "time_embedding.")
      || begins("input_blocks.", "output_blocks.")
    {
      self = .diffusion
    } else if begins("double_blocks.") || begins("transformer_blocks.") || begins("joint_blocks.")
      || has("blocks.0.adaLN_modulation.")
    {
      self = .diffusionTransformer
    } else if has("text_model.encoder.layers.") || begins("visual.transformer.") {
      self = .clip
    } else if begins("encoder.down", "decoder.up") || begins("encoder.down_blocks.") {
      self = .autoencoder
    } else if has(".self_attn.q_proj.") || begins("transformer.h.0.") || begins("tok_embeddings.") {
      self = .languageModel
    } else if has("lin0.model.1.weight") {
      self = .lpips
    } else if begins("features.0.", "features.28.") || begins("features.0.", "classifier.6.") {
      self = .vgg
    } else if begins("Mixed_5b.", "Conv2d_1a_3x3.") {
      self = .inception
    } else if begins("input_layer.", "body.") || has("encoder.input_layer.") {
      self = .encoder
    } else if begins("layer1.0.conv1.", "layer4.") {
      self = .resNet
    } else if begins("final_conv.", "final_linear.") || begins("b4.fc.") || begins("b4.out.")
      || begins("4x4/Dense")
    {
      self = .discriminator
    } else {
      return nil
    }
  }

  /// What it is, and what a generator would have.
  package var description: String {
    let what =
      switch self {
      case .discriminator: "a StyleGAN discriminator; a generator's file is needed"
      case .diffusion: "a diffusion model (U-Net), which has no StyleGAN latent space"
      case .diffusionTransformer: "a diffusion transformer, which has no StyleGAN latent space"
      case .lowRankAdapter: "a low-rank adapter (LoRA) for another model"
      case .autoencoder: "the autoencoder of a diffusion model"
      case .languageModel: "a language model"
      case .clip: "a CLIP encoder"
      case .lpips: "the LPIPS heads of a feature network, which compare pictures and make none"
      case .vgg: "a VGG feature network, which compares pictures and makes none"
      case .inception: "an Inception feature network, which measures pictures and makes none"
      case .resNet: "a ResNet classifier"
      case .encoder: "an encoder of pictures into a latent space; it makes none itself"
      }
    return "it holds no generator but \(what)"
  }
}
