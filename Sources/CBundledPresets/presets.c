#include "CBundledPresets.h"

// The gallery, in the order it is shown. To add a preset, add its file and a line here.
static const unsigned char presets[] = {
#embed "../../Presets/morning.json" suffix(, 0, )
#embed "../../Presets/silver.json" suffix(, 0, )
#embed "../../Presets/half-turn.json" suffix(, 0, )
#embed "../../Presets/copper.json" suffix(, 0, )
#embed "../../Presets/evening.json" suffix(, 0, )
#embed "../../Presets/old-friend.json" suffix(, 0, )
#embed "../../Presets/captain.json" suffix(, 0, )
#embed "../../Presets/surprise.json" suffix(, 0, )
#embed "../../Presets/north.json" suffix(, 0, )
#embed "../../Presets/two-in-one.json" suffix(, 0, )
#embed "../../Presets/in-between.json" suffix(, 0, )
#embed "../../Presets/nobody.json" suffix(, 0, )
};

mien_bundled_preset_texts mien_bundled_presets(void) {
  return (mien_bundled_preset_texts){(const char *)presets, sizeof presets};
}
