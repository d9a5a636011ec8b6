#include "CFaceFinder.h"

// Made by recipe/train.py.
static const _Alignas(64) uint8_t weights[] = {
#embed "face-finder.safetensors"
};

mien_face_finder_bytes mien_face_finder(void) {
  return (mien_face_finder_bytes){weights, sizeof weights};
}
