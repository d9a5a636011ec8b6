// dlib's detector of frontal faces (histograms of oriented gradients, five views; Dalal and Triggs,
// CVPR 2005; King, Max-margin object detection, 2015) and its ensemble of regression trees. Exceptions
// end here.
#include "CFaceFinder.h"

#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>

#include <algorithm>
#include <istream>
#include <streambuf>
#include <vector>

namespace {

using Picture = dlib::array2d<unsigned char>;

void read(const uint8_t *grey, int width, int height, Picture &picture) {
  picture.set_size(height, width);
  for (int y = 0; y < height; y++)
    std::copy_n(grey + static_cast<size_t>(y) * width, width, &picture[y][0]);
}

// Reads bytes where they are.
struct Bytes : std::streambuf {
  explicit Bytes(mien_face_data data) {
    char *start = const_cast<char *>(reinterpret_cast<const char *>(data.bytes));
    setg(start, start, start + data.count);
  }
};

// Unpacked when first asked for, which takes half a second.
const dlib::frontal_face_detector &detector() {
  static const auto detector = dlib::get_frontal_face_detector();
  return detector;
}

const dlib::shape_predictor &marker() {
  static const auto marker = [] {
    Bytes bytes(mien_face_marks_data());
    std::istream stream(&bytes);
    dlib::shape_predictor trained;
    deserialize(trained, stream);
    return trained;
  }();
  return marker;
}

}  // namespace

int mien_faces_find(const uint8_t *grey, int width, int height, double least,
                    mien_face_box *boxes, int capacity) try {
  if (width < 1 || height < 1) return 0;
  Picture picture;
  read(grey, width, height, picture);
  // Scanning changes a detector: every call has its own.
  dlib::frontal_face_detector own = detector();
  std::vector<dlib::rect_detection> found;
  own(picture, found, least);
  int count = static_cast<int>(std::min<size_t>(found.size(), static_cast<size_t>(std::max(capacity, 0))));
  for (int i = 0; i < count; i++) {
    const auto &box = found[i].rect;
    boxes[i] = {static_cast<double>(box.left()), static_cast<double>(box.top()),
                static_cast<double>(box.right() + 1), static_cast<double>(box.bottom() + 1),
                found[i].detection_confidence};
  }
  return count;
} catch (...) {
  return -1;
}

int mien_face_mark(const uint8_t *grey, int width, int height, mien_face_box box,
                   double *points) try {
  Picture picture;
  read(grey, width, height, picture);
  const dlib::rectangle place(std::lround(box.left), std::lround(box.top),
                              std::lround(box.right) - 1, std::lround(box.bottom) - 1);
  const auto face = marker()(picture, place);
  if (face.num_parts() != mien_face_point_count) return -1;
  for (int i = 0; i < mien_face_point_count; i++) {
    points[2 * i] = face.part(i).x() + 0.5;
    points[2 * i + 1] = face.part(i).y() + 0.5;
  }
  return 0;
} catch (...) {
  return -1;
}
