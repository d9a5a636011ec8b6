#include "CFaceFinder.h"

// dlib's own, unpacked by recipe/detector.cpp.
static const uint8_t detector[] = {
#embed "face-detector.dat"
};

// Made by recipe/train.cpp.
static const uint8_t marks[] = {
#embed "face-marks.dat"
};

mien_face_data mien_face_detector_data(void) {
  return (mien_face_data){detector, sizeof detector};
}

mien_face_data mien_face_marks_data(void) { return (mien_face_data){marks, sizeof marks}; }
