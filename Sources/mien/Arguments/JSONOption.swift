import ArgumentParser

struct JSONOption: ParsableArguments {
  @Flag(help: "Print JSON.")
  var json = false
}
