package import Imaging

/// YUV4MPEG2: uncompressed frames one after another, which every video program reads from a pipe.
package enum Y4M {
  package static func header(side: Int, rate: (numerator: Int, denominator: Int)) -> [UInt8] {
    Array(
      ("YUV4MPEG2 W\(side) H\(side) F\(rate.numerator):\(rate.denominator) Ip A1:1 C420mpeg2 "
        + "XCOLORRANGE=LIMITED\n").utf8)
  }

  package static func frame(_ image: PixelImage) -> [UInt8] {
    Array("FRAME\n".utf8) + LumaChroma(image).bytes
  }
}
