#include "surface.h"

// The radiance of every sample; blocks of one material and depth are shaded once.

/// Teeth: enamel, darker towards the back and in the gaps between them, and the gums at their roots.
STUDIO_INLINE v3 teeth(studio_scene *s, const sample *q) {
  const studio_person *p = s->person;
  float back = lerpf(.25f, 1, sstep(5.f, 10.2f, q->rest.z));
  float place = absf(mix1(s->model->tooth_place, q)), gap = sstep(.66f, 1.f, place) * p->tooth_gap;
  v3 albedo = mul(V(.72f, lerpf(.672f, .640f, p->tooth_yellow), lerpf(.60f, .50f, p->tooth_yellow)), p->tooth_light);
  // Each tooth has its own tone; the gap swallows light, last the red.
  float arch = azimuth_of(V(q->rest.x, 0, q->rest.z - 4.f)) * (q->rest.x > 0 ? .1f : -.1f);
  albedo = mul(albedo, 1 + .05f * value_noise(V(arch, q->rest.y > -3.2f ? 0 : 5, 2), p->seed + 71));
  // Round teeth: what turns away from the front is darker.
  albedo = had(albedo, V(1 - .58f * gap, 1 - .66f * gap, 1 - .70f * gap));
  albedo = mul(albedo, 1 - .16f * place * place);
  v3 E = add(mul(q->irradiance, .8f), mul(V(1.f, .86f, .78f), .30f * s->mean_irradiance));
  v3 out = mul(had(albedo, E), back);
  v3 half = norm(add(s->key_toward, q->view));
  float nh = maxf(0, dot(q->normal, half));
  out = mad(out, colour(p->key), mix1(s->key_seen, q) * .30f * powa(nh, 50) * back * (1 - gap));
  float bright = sat(luminance(q->irradiance) / (s->mean_irradiance + 1e-4f));
  return mad(out, environment(s, mirrored(q->normal, q->view)), .03f * back * bright);
}

STUDIO_INLINE v3 gums(studio_scene *s, const sample *q) {
  v3 E = add(q->irradiance, mul(V(1.f, .8f, .75f), .12f * s->mean_irradiance));
  v3 out = mul(had(V(.45f, .16f, .15f), E), lerpf(.25f, .9f, sstep(4.f, 10.f, q->rest.z)));
  float nh = maxf(0, dot(q->normal, norm(add(s->key_toward, q->view))));
  return mad(out, colour(s->person->key), mix1(s->key_seen, q) * .16f * powa(nh, 30));
}

STUDIO_INLINE v3 mouth(const sample *q) {
  return mul(had(V(.30f, .08f, .07f), q->irradiance), lerpf(.10f, .8f, sstep(5.f, 10.5f, q->rest.z)));
}

STUDIO_INLINE v3 backdrop(const studio_scene *s, int x, int y) {
  float u = ((float)x + .5f) / (float)s->side * (BACKDROP - 1), v = ((float)y + .5f) / (float)s->side * (BACKDROP - 1);
  int i = (int)u, j = (int)v;
  if (i > BACKDROP - 2) i = BACKDROP - 2;
  if (j > BACKDROP - 2) j = BACKDROP - 2;
  float fu = u - (float)i, fv = v - (float)j, c[3];
  const float *a = s->backdrop + 3 * (j * BACKDROP + i), *b = a + 3 * BACKDROP;
  for (int k = 0; k < 3; k++) c[k] = lerpf(lerpf(a[k], a[k + 3], fu), lerpf(b[k], b[k + 3], fu), fv);
  // Chosen as it is to look: the camera's exposure and white balance are undone.
  float undo = 1 / s->exposure;
  return V(c[0] * undo / s->gain.x, c[1] * undo / s->gain.y, c[2] * undo / s->gain.z);
}

/// Blocks of 2×2 samples that one sample can stand for.
STUDIO_INLINE void find_uniform_blocks(studio_scene *s) {
  const studio_model *m = s->model;
  int half = s->side >> 1;
  for (int y = 0; y < half; y++)
    for (int x = 0; x < half; x++) {
      int k = 2 * y * s->side + 2 * x;
      int at[4] = {k, k + 1, k + s->side, k + s->side + 1}, kind[4], none = 1, same = 1;
      float near = 0, far = 1e30f;
      for (int i = 0; i < 4; i++) {
        int t = s->triangle[at[i]];
        kind[i] = t < 0 ? -1 : is_skin(m->material[t]) ? STUDIO_FACE : m->material[t];
        none &= kind[i] < 0;
        same &= kind[i] == kind[0];
        near = maxf(near, s->depth[at[i]]);
        far = minf(far, s->depth[at[i]]);
      }
      int smooth = kind[0] == STUDIO_FACE || kind[0] == STUDIO_CLOTH;
      s->uniform_block[y * half + x] = none || (same && smooth && near < far * 1.006f);
    }
}

STUDIO_SIMD void studio_shade(studio_scene *s) {
  const studio_model *m = s->model;
  int side = s->side, half = side >> 1;
  s->stamp++;
  v3 eye_point = V(s->camera_x, s->camera_y, s->camera_z + s->camera_distance);
  if (s->samples % 2 == 0)
    find_uniform_blocks(s);
  else
    memset(s->uniform_block, 0, (size_t)half * (size_t)half);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++) {
      int k = y * side + x, in_blocks = x < 2 * half && y < 2 * half;
      float *out = s->frame + 4 * (int64_t)k;
      if (((x | y) & 1) && in_blocks && s->uniform_block[(y >> 1) * half + (x >> 1)]) {
        memcpy(out, s->frame + 4 * (int64_t)((y & ~1) * side + (x & ~1)), 4 * sizeof(float));
        continue;
      }
      int t = s->triangle[k];
      v3 c;
      if (t < 0) {
        c = backdrop(s, x, y);
      } else {
        sample q = {.v = m->triangles + 3 * t, .triangle = t, .material = m->material[t], .pixel = k,
                    .x = x, .y = y, .l1 = s->bary1[k], .l2 = s->bary2[k]};
        q.l0 = 1 - q.l1 - q.l2;
        q.normal = norm(mix3(s->normal, &q));
        q.position = mix3(s->world, &q);
        q.view = norm(sub(eye_point, q.position));
        q.irradiance = mix3(s->irradiance, &q);
        q.rest = add(add(mul(rest_at(m, q.v[0]), q.l0), mul(rest_at(m, q.v[1]), q.l1)),
                     mul(rest_at(m, q.v[2]), q.l2));
        switch (q.material) {
          case STUDIO_FACE:
          case STUDIO_SKIN: c = studio_skin(s, &q); break;
          case STUDIO_EYE_LEFT:
          case STUDIO_EYE_RIGHT: c = studio_eye(s, &q); break;
          case STUDIO_TEETH: c = teeth(s, &q); break;
          case STUDIO_GUMS: c = gums(s, &q); break;
          case STUDIO_MOUTH: c = mouth(&q); break;
          default: c = studio_cloth(s, &q); break;
        }
      }
      out[0] = c.x;
      out[1] = c.y;
      out[2] = c.z;
      out[3] = 0;
    }
}
