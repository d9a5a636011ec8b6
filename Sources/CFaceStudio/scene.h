#pragma once
#include "include/CFaceStudio.h"
#include "vector.h"
#include <stdlib.h>

enum {
  GUIDE_POINTS = 20,
  KEY_MAP = 176,   // texels of a key light's shadow map
  DOME_MAP = 112,  // of a light of the dome
  HAIR_MAP = 64,   // of a light's opacity maps
  MOST_LIGHTS = 48,
  LENS_POINTS = 56,
  STRAND_POINTS = 48,
  BACKDROP = 64,
  PORES = 256,
};

/// Half the side of the square that shadow maps cover, cm.
static const float shadow_reach = 19.f;

enum { LIGHT_DOME, LIGHT_KEY, LIGHT_RIM };

typedef struct {
  v3 toward, u, v, colour;
  int kind, side;
  float depth[KEY_MAP * KEY_MAP];
  // Deep opacity maps: first depth and three layers behind it.
  float hair_front[HAIR_MAP * HAIR_MAP];
  float hair_layer[3][HAIR_MAP * HAIR_MAP];
} light;

typedef struct {
  v3 rest[GUIDE_POINTS], world[GUIDE_POINTS];
  v3 ambient[GUIDE_POINTS], sheen[GUIDE_POINTS];
  float key[GUIDE_POINTS], rim[GUIDE_POINTS];
  v3 root, normal;
  float length, side;
  uint8_t is_alive, is_lit, is_fringe, is_wisp;
} guide;

/// A point of a strand on the screen: pixels, 1/distance, radiance.
typedef struct {
  float x, y, w, r, g, b;
} strand_point;

/// Two points that follow each other, with half widths in pixels and opacities.
typedef struct {
  int first;
  float half0, half1, alpha0, alpha1;
} strand_segment;

struct studio_scene {
  const studio_model *model;
  const studio_person *person;
  int size, samples, side;  // picture, samples per pixel side, side of the sampled picture
  uint32_t random;

  // mesh
  v3 *deformed, *world, *normal, *irradiance, *smoothed, *mean_light;
  float *key_seen, *cavity, *spare, *noise_melanin, *noise_blood, *collar, *edge_length;
  float *sx, *sy, *sw;
  uint8_t *seen;
  int32_t *lit;  // vertices that some triangle uses
  int lit_count;
  m3 head, body, skull;  // skull: rest to deformed, affine
  v3 pivot, eye_centre[2], gaze[2];
  float camera_x, camera_y, camera_z, camera_distance, pixels_per_cm;
  v3 *gradient_u, *gradient_v;  // [triangle] of the face chart
  uint32_t *gradient_stamp;
  uint32_t stamp;

  // pixels
  float *depth, *bary1, *bary2, *frame;
  int32_t *triangle;
  uint8_t *uniform_block;
  float *linear;

  // light
  light *lights;
  int light_count;
  v3 light_centre, key_toward, rim_toward, fill_toward;
  float key_sine2;
  int32_t *caster_vertices, *caster_triangles;
  int caster_vertex_count, caster_count, first_cloth_caster;
  float *caster_x, *caster_y, *caster_z, *caster_u, *caster_v, *caster_d;
  uint8_t *caster_skip;

  // hair
  guide *guides;
  v3 *scalp_rest;
  float *scalp_azimuth;
  float *deposit[7];
  int deposit_capacity;
  strand_point *points;
  strand_segment *segments;
  int32_t *order;
  int point_count, segment_count, point_capacity, segment_capacity;
  int has_hair, out_of_memory;

  v3 lens[2][LENS_POINTS], lens_centre[2];
  float backdrop[BACKDROP * BACKDROP * 3];
  float pores[PORES * PORES * 2];

  // exposure
  float exposure, mean_irradiance;
  v3 gain;
};

STUDIO_INLINE v3 colour(studio_rgb c) { return V(c.r, c.g, c.b); }
STUDIO_INLINE v3 rest_at(const studio_model *m, int i) {
  return V(m->rest[3 * i], m->rest[3 * i + 1], m->rest[3 * i + 2]);
}
STUDIO_INLINE int is_skin(int material) { return material <= STUDIO_SKIN; }
STUDIO_INLINE int is_eye(int material) {
  return material == STUDIO_EYE_LEFT || material == STUDIO_EYE_RIGHT;
}

/// 0…1 from the scene's own sequence.
STUDIO_INLINE float next_random(studio_scene *s) {
  s->random = s->random * 1664525u + 1013904223u;
  return hash01(s->random);
}

/// Deformed to world: the head's and the body's rotation about the pivot, mixed.
STUDIO_INLINE v3 to_world(const studio_scene *s, v3 p, float head_weight) {
  v3 q = sub(p, s->pivot);
  return add(lerp3(mv(&s->body, q), mv(&s->head, q), head_weight), s->pivot);
}
STUDIO_INLINE float head_weight_at(float y) { return sstep(-15.5f, -5.f, y); }

/// Pixels and 1/distance.
STUDIO_INLINE void project(const studio_scene *s, v3 p, float *x, float *y, float *w) {
  float inverse = 1.f / (s->camera_distance - (p.z - s->camera_z));
  float scale = s->pixels_per_cm * s->camera_distance * inverse, half = (float)s->side * .5f;
  *x = half + (p.x - s->camera_x) * scale;
  *y = half - (p.y - s->camera_y) * scale;
  *w = inverse;
}

STUDIO_INLINE v3 on_triangle(const v3 *a, const int32_t *t, const float *weight) {
  return add(
      add(mul(a[t[0]], 1 - weight[0] - weight[1]), mul(a[t[1]], weight[0])),
      mul(a[t[2]], weight[1]));
}
STUDIO_INLINE v3 rest_on_triangle(const studio_model *m, const int32_t *t, const float *weight) {
  return add(
      add(mul(rest_at(m, t[0]), 1 - weight[0] - weight[1]), mul(rest_at(m, t[1]), weight[0])),
      mul(rest_at(m, t[2]), weight[1]));
}

/// Signed distance to the body in rest space, and its direction of increase.
STUDIO_INLINE float body_distance(const studio_model *m, v3 p, v3 *gradient) {
  float x = (p.x - m->sdf_origin[0]) / m->sdf_step, y = (p.y - m->sdf_origin[1]) / m->sdf_step,
        z = (p.z - m->sdf_origin[2]) / m->sdf_step;
  int nx = m->sdf_size[0], ny = m->sdf_size[1], nz = m->sdf_size[2];
  x = clampf(x, 0, (float)nx - 1.001f);
  y = clampf(y, 0, (float)ny - 1.001f);
  z = clampf(z, 0, (float)nz - 1.001f);
  int i = (int)x, j = (int)y, k = (int)z, stepx = ny * nz, stepy = nz;
  float fx = x - (float)i, fy = y - (float)j, fz = z - (float)k;
  const float *q = m->sdf + ((int64_t)i * ny + j) * nz + k;
  float d00 = q[1] - q[0], d01 = q[stepy + 1] - q[stepy], d10 = q[stepx + 1] - q[stepx],
        d11 = q[stepx + stepy + 1] - q[stepx + stepy];
  float a00 = q[0] + d00 * fz, a01 = q[stepy] + d01 * fz, a10 = q[stepx] + d10 * fz,
        a11 = q[stepx + stepy] + d11 * fz;
  float b0 = lerpf(a00, a01, fy), b1 = lerpf(a10, a11, fy);
  if (gradient)
    *gradient = norm(
        V(b1 - b0, lerpf(a01 - a00, a11 - a10, fx), lerpf(lerpf(d00, d01, fy), lerpf(d10, d11, fy), fx)));
  return lerpf(b0, b1, fx);
}

/// How much garment covers a point of rest space: above 0 there is cloth, in cm from its edge.
STUDIO_INLINE float collar_at(const studio_person *p, v3 q) {
  float above = q.y - (-13.0f - .37f * q.z) - p->neckline, ax = absf(q.x);
  float front = sstep(-1, 3, q.z);
  switch (p->cloth) {
    case 1: return -(above + front * maxf(0, 6.5f - 1.15f * ax));
    case 2: return -(above - 2.2f + front * maxf(0, 5.f - 1.7f * ax));
    case 3: return -(q.y + 8.6f + .12f * q.z);
    case 4: return -(above - 1.8f + front * maxf(0, 2.5f - .8f * ax));
    case 5: return -(above + 4.5f * front + 2.f);
    case 6: return -(above - 2.f + front * maxf(0, 1.2f - ax));
    default: return -above;
  }
}

/// How far inside the hair a point of the scalp lies, cm; azimuth in degrees from the front.
STUDIO_INLINE float hairline_at(const studio_person *p, v3 q, float azimuth) {
  static const float angle[15] = {0, 20, 32, 40, 46, 52, 60, 66, 71, 76, 90, 105, 125, 150, 180};
  static const float height[15] = {10.9f, 11.05f, 10.7f, 9.9f, 8.4f, 6.9f, 5.4f, 3.4f,
                                   1.3f,  .6f,    .2f,   -1.8f, -4.1f, -4.9f, -4.7f};
  int i = 0;
  while (i < 13 && azimuth > angle[i + 1]) i++;
  float t = sat((azimuth - angle[i]) / (angle[i + 1] - angle[i]));
  float y = lerpf(height[i], height[i + 1], t);
  float a = azimuth, recess = p->recess;
  y += p->hairline * (1 - sstep(48, 62, a));
  // Temples first, then the middle follows, so that no island is left.
  y += recess * (sstep(6, 24, a) * (1 - sstep(38, 56, a)) +
                 (.42f + .14f * recess) * (1 - sstep(0, 50, a)));
  float d = (q.y - y) * (a < 45 ? 1.25f : 1.f);
  if (p->crown > 0) {
    v3 c = sub(q, V(0, 14.2f, -2.f));
    d = minf(d, rootf(c.x * c.x * 1.2f + c.y * c.y * .6f + c.z * c.z * .75f) - p->crown);
  }
  return d;
}
STUDIO_INLINE float azimuth_of(v3 p) {
  float x = absf(p.x), r = rootf(x * x + p.z * p.z + 1e-12f), a = acosa(p.z / r);
  return a * 57.2957795f;
}

/// The environment without the key: ground, horizon, sky and one broad fill.
STUDIO_INLINE v3 environment(const studio_scene *s, v3 d) {
  const studio_person *p = s->person;
  v3 c, horizon = colour(p->horizon);
  if (d.y > 0) {
    float t = rootf(d.y);
    c = lerp3(horizon, colour(p->sky), t * (.82f + .18f * t));
  } else {
    c = lerp3(horizon, colour(p->ground), sstep(0, .5f, -d.y));
  }
  return mad(c, colour(p->fill), expa(p->fill_focus * (dot(d, s->fill_toward) - 1)));
}
/// The environment with the key as a soft box, for mirror reflections.
STUDIO_INLINE v3 environment_with_key(const studio_scene *s, v3 d, float roughness) {
  const studio_person *p = s->person;
  float angle = acosa(clampf(dot(d, s->key_toward), -1, 1));
  float inside = 1 - sstep(p->key_size * .8f, p->key_size * 1.15f + roughness, angle);
  return mad(environment(s, d), colour(p->key), inside * minf(60.f, 1.f / s->key_sine2));
}

/// Share of a light that the head and clothes let through to q (relative to the light centre).
STUDIO_INLINE float mesh_seen(const light *l, v3 q, float bias, float soft) {
  int side = l->side;
  float scale = (float)side / (2 * shadow_reach), half = (float)side * .5f - .5f;
  float x = dot(q, l->u) * scale + half, y = dot(q, l->v) * scale + half;
  int i = floori(x), j = floori(y);
  if (i < 0 || j < 0 || i >= side - 1 || j >= side - 1) return 1;
  float fx = x - (float)i, fy = y - (float)j, w = dot(q, l->toward) + bias, inverse = 1.f / soft;
  const float *z = l->depth + j * side + i;
  float a = sat(1 - (z[0] - w) * inverse), b = sat(1 - (z[1] - w) * inverse);
  float c = sat(1 - (z[side] - w) * inverse), d = sat(1 - (z[side + 1] - w) * inverse);
  return lerpf(lerpf(a, b, fx), lerpf(c, d, fx), fy);
}
/// Optical depth of the hair between a light and q.
STUDIO_INLINE float hair_depth(const light *l, v3 q, float bias) {
  const float scale = HAIR_MAP / (2 * shadow_reach), half = HAIR_MAP * .5f - .5f;
  float x = dot(q, l->u) * scale + half, y = dot(q, l->v) * scale + half;
  int i = floori(x), j = floori(y);
  if (i < 0 || j < 0 || i >= HAIR_MAP - 1 || j >= HAIR_MAP - 1) return 0;
  float fx = x - (float)i, fy = y - (float)j, w = dot(q, l->toward) + bias, sum = 0;
  for (int k = 0; k < 4; k++) {
    int o = (j + (k >> 1)) * HAIR_MAP + i + (k & 1);
    float d = l->hair_front[o] - w;
    if (d <= 0) continue;
    float t = l->hair_layer[0][o] * minf(1, d * 1.25f);
    if (d > .8f) t += l->hair_layer[1][o] * minf(1, (d - .8f) * .588f);
    if (d > 2.5f) t += l->hair_layer[2][o] * minf(1, (d - 2.5f) * .25f);
    sum += t * (k & 1 ? fx : 1 - fx) * (k >> 1 ? fy : 1 - fy);
  }
  return sum;
}

/// Skin from its two chromophores, linear RGB: B·exp(−m·M − h·H).
STUDIO_INLINE v3 skin_albedo(float melanin, float blood) {
  return V(.86f * expa(-melanin * .60f - blood * .06f), .72f * expa(-melanin * .725f - blood * .62f),
           .60f * expa(-melanin * .85f - blood * .52f));
}

/// A fibre in one light (Kajiya and Kay): diffuse, a white and a coloured highlight.
STUDIO_INLINE v3 fibre(
    v3 tangent, v3 normal, v3 albedo, v3 toward, v3 radiance, float seen, float shine, v3 view) {
  float tl = dot(tangent, toward), sl = rootf(maxf(0, 1 - tl * tl));
  float wrap = maxf(.1f, .55f + .45f * dot(normal, toward));
  v3 out = mul(albedo, seen * sl * wrap * .80f);
  v3 t1 = norm(mad(tangent, normal, -.09f)), t2 = norm(mad(tangent, normal, .13f));
  float a = dot(t1, toward), b = dot(t1, view);
  float c = maxf(0, rootf(maxf(0, 1 - a * a)) * rootf(maxf(0, 1 - b * b)) - a * b);
  float c2 = c * c;
  c2 *= c2;
  c2 *= c2;
  c2 *= c2;
  float white = .11f * shine * c2 * c2 * c2 * seen * wrap;  // c^48
  a = dot(t2, toward), b = dot(t2, view);
  c = maxf(0, rootf(maxf(0, 1 - a * a)) * rootf(maxf(0, 1 - b * b)) - a * b);
  float s2 = c * c;
  s2 *= s2;
  s2 = s2 * s2 * s2;  // c^12
  float tinted = 1.5f * shine * s2 * seen * wrap;
  out = add(out, V(white, white, white));
  v3 deep = V(albedo.x * (rootf(albedo.x) + .2f), albedo.y * (rootf(albedo.y) + .2f),
              albedo.z * (rootf(albedo.z) + .2f));
  return had(mad(out, deep, tinted), radiance);
}

/// Room for more points and segments; 0 where there is none.
int studio_make_room(studio_scene *s, int points, int segments);
STUDIO_INLINE int put_point(studio_scene *s, v3 world, v3 radiance) {
  strand_point *p = &s->points[s->point_count];
  project(s, world, &p->x, &p->y, &p->w);
  p->r = radiance.x;
  p->g = radiance.y;
  p->b = radiance.z;
  return s->point_count++;
}
/// A segment from the last point but one to the last.
STUDIO_INLINE void put_segment(
    studio_scene *s, float half0, float half1, float alpha0, float alpha1) {
  s->segments[s->segment_count++] =
      (strand_segment){s->point_count - 2, half0, half1, alpha0, alpha1};
}

// Stages, in their order.
void studio_pose(studio_scene *, const float *identity, const float *expression);
void studio_surface(studio_scene *);
void studio_set_lights(studio_scene *);
void studio_cast_shadows(studio_scene *);
void studio_grow_guides(studio_scene *);
void studio_shade_with_hair(studio_scene *);
void studio_light_guide(studio_scene *, int guide);
void studio_rasterise(studio_scene *);
void studio_light_vertices(studio_scene *);
void studio_expose(studio_scene *);
void studio_paint_backdrop(studio_scene *);
void studio_shade(studio_scene *);
void studio_place_glasses(studio_scene *);
void studio_draw_lenses(studio_scene *);
void studio_add_frames(studio_scene *);
void studio_comb_hair(studio_scene *);
void studio_add_ties(studio_scene *);
void studio_add_brows(studio_scene *);
void studio_add_beard(studio_scene *);
void studio_add_lashes(studio_scene *);
void studio_draw_strands(studio_scene *);
void studio_develop(studio_scene *, uint8_t *rgb);

/// Where a point of the brow's band lies in this person's brow: 0 in its middle, ±1 at its edges.
/// `t` runs from the nose (0) to the temple (1).
STUDIO_INLINE float studio_brow_offset(const studio_person *p, float t, float across) {
  float middle = p->brow_offset + p->brow_arch * (1.35f * sstep(.12f, .66f, t) * (1 - sstep(.66f, 1.f, t)) - .35f) +
                 p->brow_tilt * (t - .5f) * 1.8f;
  float half = p->brow_thickness * (1 + p->brow_taper * (.45f - t));
  return (across - middle) / maxf(.25f, half);
}
/// How dense the brow is along its length: it begins after the gap and thins out at its tail.
STUDIO_INLINE float studio_brow_ends(const studio_person *p, float t) {
  float from = p->brow_gap;
  return sstep(from - .10f, from + .12f, t) * (1 - sstep(.86f, 1.01f, t));
}
