// Writes dlib's detector of frontal faces as it is once unpacked, which takes half a second:
//   g++ -O2 -std=c++17 detector.cpp -o detector -ldlib -llapack && ./detector face-detector.dat
#include <dlib/image_processing/frontal_face_detector.h>
#include <fstream>

int main(int count, char **words) {
  if (count < 2) return 2;
  std::ofstream(words[1], std::ios::binary) << dlib::get_serialized_frontal_faces();
}
