#include "CBundledModel.h"

// To ship another model, replace studio.safetensors: nothing else knows what is in it.
static const _Alignas(64) uint8_t studio[] = {
#embed "studio.safetensors"
};

mien_bundled_bytes mien_bundled_studio(void) {
  return (mien_bundled_bytes){studio, sizeof studio};
}
