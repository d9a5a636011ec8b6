// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// A Swift target under Sources with the settings every target here shares.
func module(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swift)
}

/// The tests of one module, in Tests/<module>Tests.
func tests(
  _ name: String, uses dependencies: [Target.Dependency] = [], excluding: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: [.byName(name: name), "TestFixtures"] + dependencies,
    exclude: excluding,
    swiftSettings: swift)
}

let package = Package(
  name: "mien",
  products: [.executable(name: "mien", targets: ["mien"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // MARK: The program
    .executableTarget(
      name: "mien",
      dependencies: [
        "BundledModel", "CPNG", "CZlib", "Checkpoints", "Editor", "FaceStudio", "Film", "Files",
        "Imaging",
        "Latents", "NN", "Portrait", "StyleGAN", "Tensors", "TerminalIO", "TUI",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swift),

    // MARK: The editor and the terminal
    module("Editor", uses: ["Film", "Files", "Imaging", "Latents", "StyleGAN", "TUI", "Tensors"]),
    module(
      "TerminalIO",
      uses: ["CNcurses", "CPseudoTerminal", "CSixel", "CTerminal", "Imaging", "TUI"]),
    module("TUI", uses: ["Imaging"]),

    // MARK: Films
    module("Film", uses: ["CZlib", "Files", "Imaging", "Latents", "StyleGAN", "Tensors"]),

    // MARK: The generator and its latent spaces
    module(
      "Latents",
      uses: [
        "CBundledPresets", "CKernels", "CLAPACK", "Checkpoints", "Files", "NN", "StyleGAN",
        "Tensors",
      ]),
    module("FaceStudio", uses: ["CFaceStudio", "Checkpoints", "Files", "Imaging"]),
    module("Training", uses: ["NN", "StyleGAN", "Tensors"]),
    module("StyleGAN", uses: ["Checkpoints", "Files", "Imaging", "NN", "Tensors"]),
    module("BundledModel", uses: ["CBundledModel", "Checkpoints"]),
    module("NN", uses: ["Tensors"]),
    module("Checkpoints", uses: ["CBytes", "CZlib", "Files", "Tensors"]),
    module("Tensors", uses: ["CDNNL", "CKernels"]),

    // MARK: Files and pictures
    module("Imaging", uses: ["CJPEG", "CPNG", "CWebP", "Files"]),
    module("Files", uses: ["CBytes"]),
    module("Portrait", uses: ["CFaceFinder", "Imaging"]),

    // MARK: C
    .target(name: "CBytes"),
    // oneDNN in Debian is built for libgomp; the kernels share its threads.
    .target(name: "CDNNL", linkerSettings: [.linkedLibrary("dnnl")]),
    // dlib's archive, of which a few objects are linked: its shared library would have to be loaded
    // whenever the program starts.
    .target(
      name: "CFaceFinder", dependencies: ["CLAPACK"],
      exclude: ["face-marks.dat", "recipe"],
      linkerSettings: [.linkedLibrary(":libdlib.a"), .linkedLibrary("blas")]),
    .target(name: "CFaceStudio"),
    .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
    .target(name: "CKernels", linkerSettings: [.linkedLibrary("gomp")]),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png")]),
    .target(name: "CPseudoTerminal"),
    .target(name: "CTerminal"),
    .target(name: "CBundledModel", exclude: ["studio.safetensors", "studio-encoder.safetensors", "studio.md", "recipe", "ICT-FaceKit.LICENSE.txt"]),
    .target(name: "CBundledPresets"),
    .target(name: "CWebP", linkerSettings: [.linkedLibrary("webp")]),
    .systemLibrary(name: "CLAPACK", providers: [.apt(["liblapack-dev"])]),
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncursesw5-dev"])]),
    .systemLibrary(name: "CSixel", providers: [.apt(["libsixel-dev"])]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),

    // MARK: Tests
    .target(name: "TestFixtures", dependencies: ["Tensors"], path: "Tests/TestFixtures", swiftSettings: swift),
    .testTarget(
      name: "RepositoryTests", dependencies: ["TestFixtures"], swiftSettings: swift),
    tests("Checkpoints", uses: ["Files", "Tensors"]),
    tests(
      "Editor",
      uses: ["Film", "Files", "Imaging", "Latents", "NN", "StyleGAN", "TUI", "Tensors"],
      excluding: ["Snapshots"]),
    tests("FaceStudio", uses: ["CFaceStudio", "Checkpoints", "Files", "Imaging", "Tensors"]),
    tests("Files"),
    tests("Film", uses: ["BundledModel", "Files", "Imaging", "Latents", "StyleGAN", "Tensors"]),
    tests("Imaging", uses: ["CJPEG", "CWebP", "Files"]),
    tests(
      "Latents", uses: ["BundledModel", "Checkpoints", "Files", "NN", "StyleGAN", "Tensors"]),
    tests("Training", uses: ["Checkpoints", "NN", "StyleGAN", "Tensors"]),
    tests("NN", uses: ["Tensors"]),
    tests(
      "StyleGAN",
      uses: ["BundledModel", "Checkpoints", "Files", "Fuzz", "Imaging", "NN", "Tensors"]),
    .executableTarget(
      name: "Fuzz", dependencies: ["Checkpoints", "Files", "StyleGAN", "Tensors", "TestFixtures"],
      path: "Tests/Fuzz", swiftSettings: swift),
    tests("Portrait", uses: ["Files", "Imaging"]),
    tests("TUI", uses: ["Imaging"]),
    tests("Tensors"),
    tests("TerminalIO", uses: ["Imaging", "TUI", "TerminalDemo"]),
    .executableTarget(
      name: "TerminalDemo", dependencies: ["Imaging", "TUI", "TerminalIO"],
      path: "Tests/TerminalDemo", swiftSettings: swift),
    tests(
      "mien",
      uses: [
        "Checkpoints", "Film", "Files", "Imaging", "Latents", "StyleGAN", "Tensors",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ],
  cLanguageStandard: .c2x,
  cxxLanguageStandard: .cxx17
)
