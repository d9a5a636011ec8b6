#include "scene.h"

// Frames are drawn as antialiased lines over the face, not as tubes of triangles: a wire is about a
// pixel wide, where a sampled highlight sparkles. Each line's light is the mean over the part of the
// wire's surface that it shows.

/// Rims, bridge and temples from the person's eyes; rest space of the posed head.
void studio_place_glasses(studio_scene *s) {
  const studio_person *p = s->person;
  if (!p->glasses) return;
  const int32_t *lm = s->model->landmarks;
  v3 left = V(0, 0, 0), right = V(0, 0, 0);
  for (int i = 36; i < 42; i++) right = add(right, s->deformed[lm[i]]);
  for (int i = 42; i < 48; i++) left = add(left, s->deformed[lm[i]]);
  left = mul(left, 1 / 6.f), right = mul(right, 1 / 6.f);
  float half_span = (left.x - right.x) * .51f, middle = (left.x + right.x) * .5f;
  float height = (left.y + right.y) * .5f + p->frame_drop;
  float lids = maxf(s->deformed[lm[37]].z, s->deformed[lm[44]].z);
  float z0 = maxf(s->deformed[lm[28]].z + .35f, lids + 1.25f);
  float a = p->frame_width, b = p->frame_height, n = p->frame_power;
  for (int e = 0; e < 2; e++) {
    float side = e ? -1 : 1;
    for (int i = 0; i < LENS_POINTS; i++) {
      float t = (float)i * 6.2831853f / LENS_POINTS, c = cosa(t), d = sina(t);
      float x = powa(absf(c), 2 / n) * (c > 0 ? a : -a), y = powa(absf(d), 2 / n) * (d > 0 ? b : -b);
      if (p->glasses == 2) {
        x *= 1 + .10f * y / b;
        if (y < 0) y *= 1.12f;
      }
      if (p->glasses == 3 && y > 0) y += .25f * maxf(0, x / a);
      float X = side * (half_span + x);
      s->lens[e][i] = to_world(s, V(middle + X, height + y, z0 - .030f * X * X), 1);
    }
    s->lens_centre[e] =
        to_world(s, V(middle + side * half_span, height, z0 - .03f * half_span * half_span), 1);
  }
}

STUDIO_SIMD void studio_draw_lenses(studio_scene *s) {
  const studio_person *p = s->person;
  if (!p->glasses) return;
  int side = s->side;
  v3 n0 = V(s->head.r[0].z, s->head.r[1].z, s->head.r[2].z);
  v3 nx = V(s->head.r[0].x, s->head.r[1].x, s->head.r[2].x);
  v3 ny = V(s->head.r[0].y, s->head.r[1].y, s->head.r[2].y);
  for (int e = 0; e < 2; e++) {
    float xs[LENS_POINTS], ys[LENS_POINTS], w, cx, cy, top = 1e9f, bottom = -1e9f;
    for (int i = 0; i < LENS_POINTS; i++) {
      project(s, s->lens[e][i], &xs[i], &ys[i], &w);
      top = minf(top, ys[i]);
      bottom = maxf(bottom, ys[i]);
    }
    project(s, s->lens_centre[e], &cx, &cy, &w);
    int y0 = (int)maxf(0, top), y1 = (int)minf((float)side - 1, bottom);
    for (int y = y0; y <= y1; y++) {
      float yc = (float)y + .5f, from = 1e9f, to = -1e9f;
      for (int i = 0; i < LENS_POINTS; i++) {
        int j = (i + 1) % LENS_POINTS;
        if ((ys[i] <= yc) == (ys[j] <= yc)) continue;
        float x = xs[i] + (xs[j] - xs[i]) * (yc - ys[i]) / (ys[j] - ys[i]);
        from = minf(from, x);
        to = maxf(to, x);
      }
      if (from > to) continue;
      int x0 = ceili(maxf(from, 0) - .5f), x1 = floori(minf(to, (float)side) - .5f);
      for (int x = x0 < 0 ? 0 : x0; x <= x1 && x < side; x++) {
        float dx = ((float)x + .5f - cx) / s->pixels_per_cm, dy = -(yc - cy) / s->pixels_per_cm;
        v3 n = norm(add(n0, add(mul(nx, .07f * dx), mul(ny, .07f * dy))));
        v3 mirror = sub(mul(n, 2 * n.z), V(0, 0, 1));
        float graze = 1 - sat(n.z);
        float fresnel = .025f + .25f * graze * graze * graze * graze;
        v3 light = mul(environment_with_key(s, mirror, .05f), fresnel * .6f);
        float *f = s->frame + 4 * (int64_t)(y * side + x), most = .24f / s->exposure;
        f[0] = f[0] * .96f + minf(light.x, most);
        f[1] = f[1] * .96f + minf(light.y, most);
        f[2] = f[2] * .96f + minf(light.z, most);
      }
    }
  }
}

/// Radiance of a strip of wire: the mean over its normals between two angles across the wire.
STUDIO_INLINE v3 wire_light(studio_scene *s, v3 view, v3 across, float from, float to) {
  const studio_person *p = s->person;
  v3 base = colour(p->frame), sum = V(0, 0, 0), key = colour(p->key);
  float metal = p->frame_metal;
  for (int i = 0; i < 4; i++) {
    float a = lerpf(from, to, ((float)i + .5f) / 4.f);
    v3 n = add(mul(view, cosa(a)), mul(across, sina(a)));
    v3 mirror = sub(mul(n, 2 * dot(n, view)), view);
    float nl = maxf(0, dot(n, s->key_toward)), ml = maxf(0, dot(mirror, s->key_toward));
    float gloss = ml * ml;
    gloss *= gloss;
    gloss = gloss * gloss * gloss;  // a soft box seen in satin
    v3 diffuse = had(base, mad(mul(environment(s, n), .6f), key, nl * .8f));
    v3 satin = mad(environment(s, mirror), key, gloss * 2.2f);
    float fresnel = lerpf(.07f, .62f, metal);
    v3 tint = lerp3(V(1, 1, 1), base, metal);
    sum = add(sum, add(mul(diffuse, 1 - metal * .7f), mul(had(satin, tint), fresnel)));
  }
  float most = 1.05f / s->exposure;
  return V(minf(sum.x * .25f, most), minf(sum.y * .25f, most), minf(sum.z * .25f, most));
}

STUDIO_INLINE void add_wire(studio_scene *s, const v3 *path, int count, float radius, int closed) {
  int edges = closed ? count : count - 1;
  v3 view = V(0, 0, 1);
  int strips = radius * s->pixels_per_cm > 1.2f ? 5 : 3;
  for (int i = 0; i < edges; i++) {
    v3 a = path[i], b = path[(i + 1) % count];
    v3 tangent = sub(b, a);
    tangent.z = 0;
    if (dot(tangent, tangent) < 1e-6f) continue;
    tangent = norm(tangent);
    v3 across = V(-tangent.y, tangent.x, 0);
    // Neighbouring pieces overlap, so that a bend shows no gap.
    v3 more = mul(tangent, .01f + .10f * radius);
    for (int k = 0; k < strips; k++) {
      float low = -1 + 2 * (float)k / (float)strips, high = -1 + 2 * (float)(k + 1) / (float)strips;
      float from = 1.5707963f - acosa(low), to = 1.5707963f - acosa(high);
      v3 light = wire_light(s, view, across, from, to);
      v3 off = mul(across, radius * (low + high) * .5f);
      if (!studio_make_room(s, 2, 1)) return;
      put_point(s, sub(add(a, off), more), light);
      put_point(s, add(add(b, off), more), light);
      float half = radius / (float)strips * s->pixels_per_cm * 1.15f;
      put_segment(s, half, half, 1, 1);
    }
  }
}

void studio_add_frames(studio_scene *s) {
  const studio_person *p = s->person;
  if (!p->glasses) return;
  const studio_model *m = s->model;
  const int32_t *lm = m->landmarks;
  float radius = p->frame_thickness;
  // The hinge and the bridge start at the rims, wherever their shape puts these.
  m3 back = {{V(s->head.r[0].x, s->head.r[1].x, s->head.r[2].x),
              V(s->head.r[0].y, s->head.r[1].y, s->head.r[2].y),
              V(s->head.r[0].z, s->head.r[1].z, s->head.r[2].z)}};
  v3 inner[2];
  for (int e = 0; e < 2; e++) {
    float side = e ? -1 : 1;
    add_wire(s, s->lens[e], LENS_POINTS, radius, 1);
    v3 hinge = add(mv(&back, sub(s->lens[e][e ? 4 : 4], s->pivot)), s->pivot);
    inner[e] = add(mv(&back, sub(s->lens[e][LENS_POINTS / 2 - 5], s->pivot)), s->pivot);
    v3 ear = s->deformed[lm[e ? 0 : 16]];
    ear = V(ear.x + side * .55f, ear.y + .2f, ear.z - 2.6f);
    v3 path[12];
    for (int i = 0; i < 12; i++) {
      float t = (float)i / 11.f;
      v3 q = lerp3(hinge, ear, t);
      q.x += side * .35f * sina(3.14159f * rootf(t));
      path[i] = to_world(s, q, 1);
    }
    add_wire(s, path, 12, maxf(radius * .8f, .085f), 0);
  }
  v3 bridge[9];
  for (int i = 0; i < 9; i++) {
    float t = (float)i / 8.f, u = 2 * t - 1;
    v3 q = lerp3(inner[0], inner[1], t);
    q.y += .28f * (1 - u * u);
    q.z += .12f * (1 - u * u);
    bridge[i] = to_world(s, q, 1);
  }
  add_wire(s, bridge, 9, radius * .9f, 0);
}
