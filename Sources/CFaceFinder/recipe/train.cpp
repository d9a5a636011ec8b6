// Trains the marks of faces that are found by dlib's detector (Kazemi and Sullivan, One millisecond
// face alignment with an ensemble of regression trees, CVPR 2014):
//   g++ -O2 -std=c++17 train.cpp -o train -ldlib -lblas -llapack -lpthread
//   train PREPARED HELD_OUT face-marks.dat
// PREPARED and HELD_OUT are by prepare.py. Prints errors in distances between the eyes.
#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <cmath>
#include <fstream>
#include <iostream>

constexpr int points = 8;
using Pictures = dlib::array<dlib::array2d<unsigned char>>;
using Faces = std::vector<std::vector<dlib::full_object_detection>>;

static void read(const char *path, Pictures &pictures, Faces &faces) {
  auto detector = dlib::get_frontal_face_detector();
  std::ifstream file(path, std::ios::binary);
  int32_t size[2];
  double p[2 * points];
  int missed = 0;
  while (file.read(reinterpret_cast<char *>(size), sizeof size)) {
    file.read(reinterpret_cast<char *>(p), sizeof p);
    dlib::array2d<unsigned char> picture(size[1], size[0]);
    for (int y = 0; y < size[1]; y++) file.read(reinterpret_cast<char *>(&picture[y][0]), size[0]);
    std::vector<dlib::rect_detection> found;
    detector(picture, found, -0.3);
    std::vector<dlib::point> marks;
    for (int i = 0; i < points; i++) marks.emplace_back(std::lround(p[2 * i]), std::lround(p[2 * i + 1]));
    // The one that has the nose inside.
    bool isFound = false;
    for (auto &box : found) {
      if (isFound || !box.rect.contains(marks[4])) continue;
      isFound = true;
      faces.push_back({dlib::full_object_detection(box.rect, marks)});
      pictures.push_back(picture);
    }
    missed += !isFound;
  }
  std::cout << path << ": " << faces.size() << " faces, " << missed << " not found" << std::endl;
}

static std::vector<std::vector<double>> betweenEyes(const Faces &faces) {
  std::vector<std::vector<double>> lengths;
  for (auto &picture : faces) lengths.push_back({dlib::length(picture[0].part(0) - picture[0].part(1))});
  return lengths;
}

int main(int count, char **words) {
  if (count < 4) return 2;
  Pictures pictures, heldOutPictures;
  Faces faces, heldOut;
  read(words[2], heldOutPictures, heldOut);
  read(words[1], pictures, faces);
  dlib::shape_predictor_trainer trainer;
  trainer.set_cascade_depth(10);
  trainer.set_num_trees_per_cascade_level(count > 4 ? std::atoi(words[4]) : 200);
  trainer.set_tree_depth(count > 5 ? std::atoi(words[5]) : 3);
  trainer.set_oversampling_amount(12);
  trainer.set_oversampling_translation_jitter(0.08);
  trainer.set_nu(0.1);
  trainer.set_feature_pool_size(400);
  trainer.set_num_test_splits(30);
  trainer.set_num_threads(2);
  trainer.set_random_seed("mien");
  auto predictor = trainer.train(pictures, faces);
  dlib::serialize(words[3]) << predictor;
  std::cout << "trained " << test_shape_predictor(predictor, pictures, faces, betweenEyes(faces))
            << ", held out " << test_shape_predictor(predictor, heldOutPictures, heldOut, betweenEyes(heldOut))
            << std::endl;
}
