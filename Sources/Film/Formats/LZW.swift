/// The compression of GIF (GIF89a specification, appendix F): codes of growing length, least
/// significant bit first, in blocks of up to 255 bytes.
enum LZW {
  /// - Parameters:
  ///   - indices: colours of the pixels.
  ///   - depth: bits of a colour, 2…8.
  /// - Returns: the minimum code size, the blocks and the empty block at the end.
  static func compress(_ indices: [UInt8], depth: Int = 8) -> [UInt8] {
    let clear = 1 << depth
    var bits = BlockWriter()
    var width = depth + 1
    var next = clear + 2
    // Child of a code by the colour that follows it: 0 is none, since code 0 is nobody's child.
    var table = [UInt16](repeating: 0, count: 4096 << depth)
    bits.put(clear, width)
    guard var code = indices.first.map({ Int($0) }) else {
      bits.put(clear + 1, width)
      return [UInt8(depth)] + bits.finished()
    }
    for index in indices.dropFirst() {
      let place = code << depth | Int(index)
      if table[place] != 0 {
        code = Int(table[place])
        continue
      }
      bits.put(code, width)
      if next < 4096 {
        table[place] = UInt16(next)
        // The reader learns of a code one step later, so the width grows after it is passed.
        if next == 1 << width { width += 1 }
        next += 1
      } else {
        bits.put(clear, width)
        for i in table.indices { table[i] = 0 }
        width = depth + 1
        next = clear + 2
      }
      code = Int(index)
    }
    bits.put(code, width)
    bits.put(clear + 1, next == 1 << width && width < 12 ? width + 1 : width)
    return [UInt8(depth)] + bits.finished()
  }

  private struct BlockWriter {
    private var bytes: [UInt8] = []
    private var held: UInt32 = 0
    private var count = 0

    mutating func put(_ code: Int, _ width: Int) {
      held |= UInt32(code) << UInt32(count)
      count += width
      while count >= 8 {
        bytes.append(UInt8(held & 255))
        held >>= 8
        count -= 8
      }
    }

    consuming func finished() -> [UInt8] {
      if count > 0 { bytes.append(UInt8(held & 255)) }
      var blocks: [UInt8] = []
      blocks.reserveCapacity(bytes.count + bytes.count / 255 + 2)
      var at = 0
      while at < bytes.count {
        let size = min(255, bytes.count - at)
        blocks.append(UInt8(size))
        blocks.append(contentsOf: bytes[at..<at + size])
        at += size
      }
      blocks.append(0)
      return blocks
    }
  }
}
