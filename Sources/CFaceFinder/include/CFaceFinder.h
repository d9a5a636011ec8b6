#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A square about a face, from the brows to the chin, in pixels.
typedef struct {
  double left, top, right, bottom;
  /// How sure it is one: 0 is doubtful, 1 is sure.
  double certainty;
} mien_face_box;

/// The points that mark a face: both eyes, their outer corners, the tip of the nose, the corners of
/// the mouth, the lower lip.
enum { mien_face_point_count = 8 };

/// Finds upright faces of 80 pixels and more.
/// @param grey width × height pixels, row by row
/// @param least the certainty that counts
/// @return how many were found, the surest first, at most `capacity`; -1 where there is no memory
int mien_faces_find(const uint8_t *grey, int width, int height, double least,
                    mien_face_box *boxes, int capacity);

/// Finds the points of a face.
/// @param points x and y of each, in pixels
/// @return 0; -1 where there is no memory
int mien_face_mark(const uint8_t *grey, int width, int height, mien_face_box box, double *points);

/// The trained marks; alive as long as the program.
typedef struct {
  const uint8_t *bytes;
  size_t count;
} mien_face_data;

mien_face_data mien_face_marks_data(void);

#ifdef __cplusplus
}
#endif
