#include "scene.h"

// A scene's memory and the order of the stages.

static void *take(size_t count, size_t size) {
  size_t bytes = (count * size + 127) / 64 * 64;
  void *memory = aligned_alloc(64, bytes);
  return memory ? memset(memory, 0, bytes) : NULL;
}

/// The vertices and triangles that cast shadows, numbered anew.
static int gather_casters(studio_scene *s) {
  const studio_model *m = s->model;
  int32_t *number = take((size_t)m->vertex_count, sizeof(int32_t));
  if (!number) return 0;
  memset(number, 0xff, sizeof(int32_t) * (size_t)m->vertex_count);
  for (int part = 0; part < 2; part++) {
    const int32_t *t = part ? m->proxy_cloth : m->proxy;
    int count = part ? m->proxy_cloth_count : m->proxy_count;
    for (int i = 0; i < count; i++, t += 3) {
      if (part && m->rest[3 * t[0] + 1] < -19.f) continue;
      for (int k = 0; k < 3; k++) {
        if (number[t[k]] < 0) {
          number[t[k]] = s->caster_vertex_count;
          s->caster_vertices[s->caster_vertex_count++] = t[k];
        }
        s->caster_triangles[3 * s->caster_count + k] = number[t[k]];
      }
      s->caster_count++;
    }
    if (!part) s->first_cloth_caster = s->caster_count;
  }
  free(number);
  return 1;
}

/// Tangents of a fine relief, periodic: pores.
static void make_pores(float *out) {
  const int n = PORES;
  float *h = take((size_t)(n * n), sizeof(float));
  if (!h) return;
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++)
      for (int octave = 0; octave < 2; octave++) {
        int f = octave ? 64 : 32;
        float fx = (float)(x * f) / (float)n, fy = (float)(y * f) / (float)n;
        int i = (int)fx, j = (int)fy;
        float u = fx - (float)i, v = fy - (float)j;
        u = u * u * (3 - 2 * u), v = v * v * (3 - 2 * v);
        float c[4];
        for (int k = 0; k < 4; k++)
          c[k] = hash01(hash_cell((i + (k & 1)) % f, (j + (k >> 1)) % f, octave, 9));
        h[y * n + x] += (lerpf(lerpf(c[0], c[1], u), lerpf(c[2], c[3], u), v) - .5f) * (octave ? .6f : 1.f);
      }
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      out[2 * (y * n + x)] = h[y * n + ((x + 1) & (n - 1))] - h[y * n + ((x - 1) & (n - 1))];
      out[2 * (y * n + x) + 1] = h[((y + 1) & (n - 1)) * n + x] - h[((y - 1) & (n - 1)) * n + x];
    }
  free(h);
}

studio_scene *studio_scene_make(const studio_model *m, int size, int samples) {
  studio_scene *s = take(1, sizeof *s);
  if (!s) return NULL;
  s->model = m;
  s->size = size;
  s->samples = samples;
  s->side = size * samples;
  size_t n = (size_t)m->vertex_count, t = (size_t)m->triangle_count;
  size_t pixels = (size_t)s->side * (size_t)s->side;
  size_t casters = (size_t)(m->proxy_count + m->proxy_cloth_count);
  int complete = 1;
#define TAKE(field, count) complete &= (s->field = take((count), sizeof *s->field)) != NULL
  TAKE(deformed, n);
  TAKE(world, n);
  TAKE(normal, n);
  TAKE(irradiance, n);
  TAKE(smoothed, n);
  TAKE(mean_light, n);
  TAKE(key_seen, n);
  TAKE(cavity, n);
  TAKE(spare, n);
  TAKE(noise_melanin, n);
  TAKE(noise_blood, n);
  TAKE(collar, n);
  TAKE(edge_length, n);
  TAKE(sx, n);
  TAKE(sy, n);
  TAKE(sw, n);
  TAKE(seen, n);
  TAKE(lit, n);
  TAKE(gradient_u, t);
  TAKE(gradient_v, t);
  TAKE(gradient_stamp, t);
  TAKE(depth, pixels);
  TAKE(bary1, pixels);
  TAKE(bary2, pixels);
  TAKE(frame, 4 * pixels);
  TAKE(triangle, pixels);
  TAKE(uniform_block, pixels / 4 + 1);
  TAKE(linear, 3 * (size_t)size * (size_t)size);
  TAKE(lights, MOST_LIGHTS);
  TAKE(caster_vertices, n);
  TAKE(caster_triangles, 3 * casters);
  TAKE(caster_x, n);
  TAKE(caster_y, n);
  TAKE(caster_z, n);
  TAKE(caster_u, n);
  TAKE(caster_v, n);
  TAKE(caster_d, n);
  TAKE(caster_skip, casters);
  TAKE(guides, STUDIO_GUIDES);
  TAKE(scalp_rest, (size_t)m->scalp.count);
  TAKE(scalp_azimuth, (size_t)m->scalp.count);
  s->deposit_capacity = STUDIO_GUIDES * 48;
  for (int k = 0; k < 7; k++) TAKE(deposit[k], (size_t)s->deposit_capacity);
#undef TAKE
  if (!complete || !gather_casters(s)) {
    studio_scene_free(s);
    return NULL;
  }
  // Marked through `seen`, which every picture clears.
  for (size_t i = 0; i < 3 * t; i++) s->seen[m->triangles[i]] = 1;
  for (int i = 0; i < m->vertex_count; i++)
    if (s->seen[i]) s->lit[s->lit_count++] = i;
  for (int i = 0; i < m->scalp.count; i++) {
    s->scalp_rest[i] = rest_on_triangle(m, m->scalp.vertices + 3 * i, m->scalp.weights + 2 * i);
    s->scalp_azimuth[i] = azimuth_of(s->scalp_rest[i]);
  }
  make_pores(s->pores);
  return s;
}

void studio_scene_free(studio_scene *s) {
  if (!s) return;
  void *all[] = {
      s->deformed, s->world, s->normal, s->irradiance, s->smoothed, s->mean_light, s->key_seen,
      s->cavity, s->spare, s->noise_melanin, s->noise_blood, s->collar, s->edge_length, s->sx, s->sy,
      s->sw, s->seen, s->lit, s->gradient_u, s->gradient_v, s->gradient_stamp, s->depth, s->bary1,
      s->bary2, s->frame, s->triangle, s->uniform_block, s->linear, s->lights, s->caster_vertices,
      s->caster_triangles, s->caster_x, s->caster_y, s->caster_z, s->caster_u, s->caster_v,
      s->caster_d, s->caster_skip, s->guides, s->scalp_rest, s->scalp_azimuth, s->points,
      s->segments, s->order,
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
  for (int k = 0; k < 7; k++) free(s->deposit[k]);
  free(s);
}

void studio_render(
    studio_scene *s, const studio_person *person, const float *identity, const float *expression,
    uint8_t *rgb, studio_measure *measure) {
  s->person = person;
  s->random = hash32(person->seed + 77);
  for (int i = 0; i < 64; i++) next_random(s);
  studio_pose(s, identity, expression);
  studio_surface(s);
  studio_set_lights(s);
  studio_cast_shadows(s);
  s->has_hair = person->hair_count > 0;
  if (s->has_hair) {
    studio_grow_guides(s);
    studio_shade_with_hair(s);
  }
  studio_rasterise(s);
  studio_light_vertices(s);
  studio_expose(s);
  studio_paint_backdrop(s);
  studio_shade(s);
  studio_place_glasses(s);
  studio_draw_lenses(s);
  s->point_count = s->segment_count = 0;
  if (s->has_hair) {
    studio_comb_hair(s);
    studio_add_ties(s);
  }
  studio_add_brows(s);
  studio_add_beard(s);
  studio_add_lashes(s);
  studio_add_frames(s);
  studio_draw_strands(s);
  studio_develop(s, rgb);
  if (!measure) return;
  measure->segments = s->segment_count;
  for (int i = 0; i < STUDIO_LANDMARKS; i++) {
    float w, x, y;
    project(s, s->world[s->model->landmarks[i]], &x, &y, &w);
    measure->landmarks[i][0] = x / (float)s->samples;
    measure->landmarks[i][1] = y / (float)s->samples;
  }
}
