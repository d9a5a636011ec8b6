/// A number for people: at most so many decimals, no trailing zeros.
func short(_ value: Double, decimals: Int = 2) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  let unit = (0..<decimals).reduce(1) { power, _ in power * 10 }
  let scaled = Int((abs(value) * Double(unit)).rounded())
  var fraction = String(scaled % unit)
  fraction = String(repeating: "0", count: decimals - fraction.count) + fraction
  while fraction.last == "0" { fraction.removeLast() }
  let sign = value < 0 && scaled > 0 ? "-" : ""
  return sign + String(scaled / unit) + (fraction.isEmpty ? "" : "." + fraction)
}
