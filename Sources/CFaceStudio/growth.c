#include "scene.h"

// Short hair that grows on skin: brows, beard, lashes.

STUDIO_SIMD void studio_add_brows(studio_scene *s) {
  const studio_model *m = s->model;
  const studio_person *p = s->person;
  if (p->brow_density <= 0) return;
  int count = (int)((float)m->brow.count * minf(1, p->brow_density));
  v3 tone = colour(p->brow);
  uint32_t seed = p->seed * 131u + 3;
  float half = maxf(.0085f * s->pixels_per_cm, .14f);
  for (int i = 0; i < count; i++) {
    float t = m->brow_place[3 * i], across = m->brow_place[3 * i + 1], side = m->brow_place[3 * i + 2];
    uint32_t h = seed + (uint32_t)i * 13u;
    float u0 = hash01(h), u1 = hash01(h + 1), u2 = hash01(h + 2);
    float off = studio_brow_offset(p, t, across);
    if (absf(off) > 1.15f - .30f * u0 || u1 > 1 - .6f * off * off) continue;
    if (studio_brow_ends(p, t) < u2) continue;
    const int32_t *v = m->brow.vertices + 3 * i;
    const float *b = m->brow.weights + 2 * i;
    v3 q = on_triangle(s->world, v, b), n = norm(on_triangle(s->normal, v, b));
    // Hairs stand up near the nose, lie along the brow, and point down at its tail.
    float degrees = t < .2f ? lerpf(76, 40, t / .2f) : lerpf(40, -18, (t - .2f) / .8f);
    degrees += -off * 26 * sstep(.1f, .5f, t) + (u0 - .5f) * 26;
    degrees -= p->brow_arch * 30.f * sstep(.55f, .9f, t);
    float a = degrees * .0174533f;
    v3 d = mv(&s->head, V(cosa(a) * side, sina(a), -.25f * t));
    d = norm(sub(d, mul(n, dot(d, n) - .18f)));
    float length = p->brow_length * (.5f + .7f * u1) * (t > .8f ? .75f : 1) * (t < .1f ? .75f : 1);
    v3 light = on_triangle(s->irradiance, v, b);
    v3 c = mul(had(mul(tone, .7f + .6f * u2), light), .85f);
    if (!studio_make_room(s, 3, 2)) return;
    v3 q0 = mad(q, n, .03f), q1 = mad(mad(q0, d, length * .5f), n, .03f);
    v3 q2 = mad(q1, norm(mad(d, n, -.15f)), length * .5f);
    float alpha = p->brow_alpha * (.65f + .5f * u2);
    put_point(s, q0, c);
    put_point(s, q1, c);
    put_segment(s, half, half, alpha, alpha);
    put_point(s, q2, c);
    put_segment(s, half, half * .5f, alpha, alpha * .4f);
  }
}

STUDIO_SIMD void studio_add_beard(studio_scene *s) {
  const studio_model *m = s->model;
  const studio_person *p = s->person;
  float most = 0;
  for (int k = 0; k < 5; k++) most = maxf(most, p->beard[k]);
  if (most <= 0) return;
  float whole = p->beard_length;
  v3 tone = colour(p->beard_colour), view = V(0, 0, 1), key = colour(p->key);
  uint32_t seed = p->seed * 733u + 91;
  for (int i = 0; i < m->beard.count; i++) {
    uint32_t h = seed + (uint32_t)i * 19u;
    float u0 = hash01(h), u1 = hash01(h + 1), u2 = hash01(h + 2), u3 = hash01(h + 3), weight = 0;
    int region = 0;
    for (int k = 0; k < 5; k++) {
      float w = p->beard[k] * m->beard_region[5 * i + k];
      if (w > weight) weight = w, region = k;
    }
    if (u0 > weight * 1.15f - .06f) continue;
    const int32_t *v = m->beard.vertices + 3 * i;
    const float *b = m->beard.weights + 2 * i;
    v3 rest = rest_on_triangle(m, v, b);
    v3 q = on_triangle(s->world, v, b), n = norm(on_triangle(s->normal, v, b));
    static const float share[5] = {.55f, 1.15f, 1.f, .5f, .7f};
    float length = whole * (.55f + .7f * u1) * share[region];
    // A beard thins out where its region ends.
    length *= .45f + .55f * sstep(.15f, .7f, weight);
    if (whole > 2 && region == 0) length = minf(length, 1.8f);
    v3 down = region == 0 ? V((rest.x > 0 ? .55f : -.55f) + rest.x * .12f, -1, .15f)
                          : V(rest.x * .05f, -1, .15f + .25f * (region == 1));
    down = add(down, V((u1 - .5f) * .5f, 0, (u2 - .5f) * .3f));
    v3 along = norm(mv(&s->head, down));
    v3 d = norm(add(mul(n, .55f), sub(along, mul(n, dot(along, n) * .7f))));
    v3 light = on_triangle(s->irradiance, v, b);
    float key_seen = s->key_seen[v[0]] * (1 - b[0] - b[1]) + s->key_seen[v[1]] * b[0] +
                     s->key_seen[v[2]] * b[1];
    v3 albedo = mul(tone, .65f + .7f * u3);
    float white = sat((p->beard_grey * 1.35f - hash01(h + 5)) * 1.7f);
    if (white > 0) {
      float l = .25f + .16f * u1;
      albedo = lerp3(albedo, V(l, l, l * .97f), white * .85f);
    }
    int count = length > .8f ? 7 : length > .3f ? 4 : 2;
    if (!studio_make_room(s, count, count)) return;
    float step = length / (float)(count - 1), curl = p->beard_curl, phase = u2 * 6.28f;
    float half = maxf(.012f * s->pixels_per_cm, .16f), alpha = whole < .25f ? .38f : .62f;
    q = mad(q, n, .01f);
    for (int k = 0; k < count; k++) {
      float t = (float)k / (float)(count - 1), open = .55f + .45f * t;
      v3 c = had(albedo, mul(light, .55f * open));
      c = add(c, fibre(d, n, albedo, s->key_toward, key, key_seen * open * .8f, .6f, view));
      put_point(s, q, c);
      if (k)
        put_segment(s, half, half * (1 - .4f * t), alpha, k == count - 1 ? alpha * .35f : alpha);
      v3 way = d;
      if (curl > 0)
        way = norm(add(d, V(curl * sina(phase + t * length * 6), curl * cosa(phase * 1.7f + t * length * 5),
                            curl * sina(phase * 2.3f + t * length * 7))));
      q = mad(q, way, step);
      d = norm(add(d, add(mul(along, .30f), mul(n, -.05f * (t < .5f)))));
    }
  }
}

STUDIO_SIMD void studio_add_lashes(studio_scene *s) {
  const studio_model *m = s->model;
  const studio_person *p = s->person;
  if (p->lash_density <= 0) return;
  uint32_t seed = p->seed * 37u + 7;
  for (int strip = 0; strip < STUDIO_LASH_STRIPS; strip++) {
    const int32_t *grid = m->lashes + strip * STUDIO_LASH_COLUMNS * STUDIO_LASH_ROWS;
    int eye = strip / 6, layer = strip % 6, upper = layer < 3;
    int count = (int)((upper ? 34.f : 14.f) * p->lash_density);
    for (int i = 0; i < count; i++) {
      uint32_t h = seed + (uint32_t)(eye * 6 + layer) * 1000u + (uint32_t)i * 7u;
      float c = hash01(h) * (STUDIO_LASH_COLUMNS - 1.01f);
      int a = (int)c;
      float f = c - (float)a, l = p->lash_length * (.6f + .5f * hash01(h + 1)) * (upper ? 1 : .8f);
      v3 row[STUDIO_LASH_ROWS];
      for (int k = 0; k < STUDIO_LASH_ROWS; k++)
        row[k] = lerp3(
            s->world[grid[a * STUDIO_LASH_ROWS + k]], s->world[grid[(a + 1) * STUDIO_LASH_ROWS + k]], f);
      if (!studio_make_room(s, 5, 4)) return;
      for (int k = 0; k < 5; k++) {
        float t = (float)k / 4.f * 5 * minf(1, l);
        int b = (int)t;
        if (b > 4) b = 4;
        v3 q = lerp3(row[b], row[b + 1], t - (float)b);
        if (l > 1) q = add(row[0], mul(sub(q, row[0]), l));
        put_point(s, mad(q, V(0, 0, 1), .03f), V(.010f, .008f, .007f));
        if (!k) continue;
        float half = .016f * s->pixels_per_cm, alpha = upper ? .75f : .35f, n = (float)k;
        put_segment(
            s, half * (1 - .18f * (n - 1)), half * (1 - .18f * n), alpha * (1 - .12f * (n - 1)),
            alpha * (1 - .12f * n));
      }
    }
  }
}
