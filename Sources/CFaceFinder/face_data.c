#include "CFaceFinder.h"

// Made by recipe/train.cpp.
static const uint8_t marks[] = {
#embed "face-marks.dat"
};

mien_face_data mien_face_marks_data(void) { return (mien_face_data){marks, sizeof marks}; }
