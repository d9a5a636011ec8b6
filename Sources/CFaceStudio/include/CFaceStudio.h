#pragma once
#include <stddef.h>
#include <stdint.h>

// The renderer of labelled faces: geometry, light and strands in C because each picture is some
// hundred million small floating-point steps. Everything is reentrant: a model is read-only, a
// scene is the working memory of one thread.

typedef struct {
  float r, g, b;
} studio_rgb;

/// What a triangle or a vertex is made of.
enum {
  STUDIO_FACE = 0,
  STUDIO_SKIN = 1,
  STUDIO_MOUTH = 2,
  STUDIO_GUMS = 3,
  STUDIO_TEETH = 4,
  STUDIO_EYE_LEFT = 5,
  STUDIO_EYE_RIGHT = 6,
  STUDIO_CLOTH = 7,
};

enum {
  STUDIO_IDENTITIES = 100,
  STUDIO_EXPRESSIONS = 53,
  STUDIO_LANDMARKS = 68,
  /// Guide hairs: the first roots of the scalp.
  STUDIO_GUIDES = 1000,
  /// Guides of braids and locs: the first of the guides.
  STUDIO_COARSE_GUIDES = 170,
  STUDIO_MASKS = 12,
  STUDIO_WRINKLES = 6,
  STUDIO_LASH_STRIPS = 12,
  STUDIO_LASH_COLUMNS = 19,
  STUDIO_LASH_ROWS = 6,
  STUDIO_BROW_STEPS = 64,
};

/// Points on triangles: three vertices and the weights of the second and third.
typedef struct {
  const int32_t *vertices;
  const float *weights;
  int32_t count;
} studio_roots;

/// Everything that does not depend on the person. Lengths in centimetres, +x the subject's left,
/// +y up, +z out of the face.
typedef struct {
  int32_t vertex_count;        ///< basis, skin extension, garment
  int32_t basis_vertex_count;  ///< the vertices the modes move
  int32_t triangle_count;
  const float *rest;         ///< [vertex][3]
  const int32_t *triangles;  ///< [triangle][3], counter-clockwise from outside
  const uint8_t *material;   ///< [triangle]
  const uint8_t *vertex_material;  ///< [vertex]; 9 where no triangle uses it
  const float *uv;           ///< [vertex][2] of the face chart, −1 elsewhere
  const float *head_weight;  ///< [vertex] 1 turns with the head, 0 with the body
  const float *lid;          ///< [vertex][3] ear, upper and lower lid margin, 0…1
  const float *tooth_place;  ///< [vertex] across its tooth, −1…1; 0 elsewhere
  const int32_t *neighbour_start;  ///< [vertex + 1], skin only
  const int32_t *neighbours;
  const uint16_t *identity;    ///< float16 [100][basis vertex][3]
  const uint16_t *expression;  ///< float16 [53][basis vertex][3]
  const int32_t *binding;      ///< [vertex − basis][6] basis vertices that carry the others
  const float *binding_weight;
  int32_t proxy_count, proxy_cloth_count;
  const int32_t *proxy, *proxy_cloth;  ///< coarse triangles that cast shadows
  int32_t mask_size;        ///< texels along a side
  const uint8_t *masks;     ///< [v][u][12]
  const int8_t *wrinkles;   ///< [v][u][6], height · 64
  const float *sdf;         ///< signed distance to the body, [x][y][z]
  int32_t sdf_size[3];
  float sdf_origin[3], sdf_step;
  studio_roots scalp, beard, brow;
  const int32_t *scalp_guide, *scalp_coarse_guide;  ///< [root] the nearest guide
  const float *beard_region;  ///< [root][5] moustache, chin, jaw, sideburn, neck
  const float *brow_place;    ///< [root][3] along 0…1, across, side ±1
  const float *brow_line, *brow_half;  ///< [64] height of the brow's middle, half its height
  const int32_t *lashes;      ///< [12][19][6] vertices, strips 0–2 and 6–8 on upper lids
  const int32_t *landmarks;   ///< [68]
  int32_t eye_range[2][2];    ///< vertices of each eye ball
  float eye_centre[2][3], eye_radius;
} studio_model;

/// One person in one light before one camera. Angles in radians, lengths in centimetres, colours
/// linear and, but for the light's, albedos.
typedef struct {
  uint32_t seed;  ///< of all small-scale noise
  float yaw, pitch, roll, body_yaw, body_pitch, camera_distance, crop, offset_x, offset_y;
  float gaze_yaw, gaze_pitch;
  studio_rgb iris;
  float iris_size, pupil, sclera_red, sclera_light;
  // skin
  float melanin, haemoglobin, mottle, freckle, oil, rough, blush, lip_blood, lip_melanin, lip_gloss;
  float lipstick, eye_shadow, liner, under_eye, pores, stubble, sunspots, ear_red;
  studio_rgb lipstick_colour, shadow_colour;
  float wrinkle[STUDIO_WRINKLES];  ///< forehead, glabella, crow's feet, bags, nasolabial, lips
  // teeth
  float tooth_light, tooth_yellow, tooth_gap;
  // brows, lashes
  float brow_density, brow_thickness, brow_offset, brow_length, brow_alpha;
  float brow_arch, brow_tilt, brow_taper, brow_gap;
  studio_rgb brow;
  float lash_length, lash_density;
  // hair
  float hair_count, length_top, length_side, length_back, length_variation;
  float lift, stiffness, gravity, comb, volume, part_x, back_sweep, adhere;
  int32_t flow_top, flow_side;
  float guard, guard_side, fringe, fringe_length, fringe_width;
  float curl_size, curl_turns, curl_start, clump, frizz, messy;
  float hairline, hairline_softness, recess, crown, fade;
  studio_rgb hair;
  float hair_grey, hair_variation, hair_tip, hair_shine, hair_width, hair_alpha;
  float front_fall, tie, tie_y, tie_z, bun_radius, tail_length, tail_side;
  float scalp_tint, afro_radius, locs;
  // beard: weights of moustache, chin, jaw, sideburns, neck
  float beard[5], beard_length, beard_curl, beard_grey;
  studio_rgb beard_colour;
  // glasses: 0 none, 1 rounded, 2 wide above, 3 swept
  int32_t glasses;
  float frame_width, frame_height, frame_power, frame_thickness, frame_drop, frame_metal;
  studio_rgb frame;
  // clothes: 0 crew, 1 v neck, 2 shirt, 3 turtleneck, 4 hood, 5 scoop, 6 suit; pattern 0 plain,
  // 1 stripes, 2 checks, 3 blotches
  int32_t cloth, pattern;
  float neckline;
  studio_rgb cloth_colour, cloth_second;
  // light
  float key_azimuth, key_elevation, key_size, fill_azimuth, fill_elevation, fill_focus;
  float rim_azimuth, rim_elevation;
  studio_rgb key, sky, horizon, ground, fill, rim;
  // background
  int32_t backdrop_boxes;
  studio_rgb backdrop[3];
  float backdrop_x, backdrop_y, backdrop_radius, backdrop_shapes;
  // camera
  float target, contrast, saturation, white, vignette, softness;
} studio_person;

/// Measured while rendering.
typedef struct {
  float landmarks[STUDIO_LANDMARKS][2];  ///< pixels of the picture
  int32_t segments;  ///< of hair that were drawn
} studio_measure;

typedef struct studio_scene studio_scene;

/// Working memory for pictures of `size`² at `samples`² samples a pixel; NULL without memory.
studio_scene *studio_scene_make(const studio_model *model, int size, int samples);
void studio_scene_free(studio_scene *scene);

/// Renders into `size * size * 3` bytes. identity [100], expression [53].
void studio_render(
    studio_scene *scene, const studio_person *person, const float *identity,
    const float *expression, uint8_t *rgb, studio_measure *measure);

// MARK: Preparing a model

/// The `k` nearest of `count` points to each of `queries`, nearest first, ties by number. `indices`
/// [queries][k]; `distances` [queries][k] or NULL. Returns 0 without memory or with fewer than k
/// points.
int studio_nearest(
    const float *points, int count, const float *queries, int query_count, int k, int32_t *indices,
    float *distances);

/// Which triangle each pixel's centre lies in and with what weights of its second and third corner:
/// triangle −1 where none does. `corners` [triangles][3][3]: x, y in pixels, and height; the highest
/// wins.
void studio_chart(
    const float *corners, int triangles, int width, int height, float *heights, int32_t *triangle,
    float *weights);

/// Gaussian blur along one axis of [outer][length][inner], in place; edges are continued, or meet
/// when `wraps`.
void studio_blur(float *values, int outer, int length, int inner, float sigma, int wraps);
