#include "scene.h"

// Strands of the head: curves along their guide, clumped, curled and frizzed, lit per point.

typedef struct {
  const guide *g;
  v3 root_rest, root, offset, stray;
  float length, share, phase, turns, size, u1, u2, u5;
  int count;
} strand;

enum { LANES = 16 };

/// What of a strand's points is waves, several points at a time. Room for a multiple of `LANES`.
typedef struct {
  float t01[STRAND_POINTS], wander_x[STRAND_POINTS], wander_y[STRAND_POINTS],
      wander_z[STRAND_POINTS], curl[STRAND_POINTS], curl_cos[STRAND_POINTS],
      curl_sin[STRAND_POINTS];
} strand_waves;

STUDIO_INLINE void make_waves(const studio_person *p, const strand *h, strand_waves *waves) {
  for (int from = 0; from < h->count; from += LANES) {
    float *t01 = waves->t01 + from;
    for (int k = 0; k < LANES; k++) t01[k] = (float)(from + k) / (float)(h->count - 1);
    float *x = waves->wander_x + from, *y = waves->wander_y + from, *z = waves->wander_z + from;
    for (int k = 0; k < LANES; k++) {
      x[k] = sina(t01[k] * 5 + h->u1 * 6.28f);
      y[k] = sina(t01[k] * 4.3f + h->u2 * 6.28f);
      z[k] = sina(t01[k] * 4.7f + h->u5 * 6.28f);
    }
    if (h->size <= 0) continue;
    float *r = waves->curl + from, *c = waves->curl_cos + from, *s = waves->curl_sin + from;
    for (int k = 0; k < LANES; k++) {
      float run = t01[k] * h->length, turn = h->phase + run * h->turns * 6.2832f;
      r[k] = h->size * sstep(0, p->curl_start, run);
      c[k] = cosa(turn);
      s[k] = sina(turn);
    }
  }
}

/// Points of a strand in the world; `along` gets each one's place on the guide.
STUDIO_INLINE void shape_strand(
    const studio_scene *s, const strand *h, int index, v3 *world, float *along) {
  const studio_person *p = s->person;
  strand_waves waves;
  make_waves(p, h, &waves);
  for (int k = 0; k < h->count; k++) {
    float t01 = waves.t01[k], t = t01 * h->share * (GUIDE_POINTS - 1);
    int a = (int)t;
    if (a > GUIDE_POINTS - 2) a = GUIDE_POINTS - 2;
    v3 q = lerp3(h->g->rest[a], h->g->rest[a + 1], t - (float)a);
    float clump = p->locs > 0 ? p->clump * sstep(0, .10f, t01) : p->clump * t01 * rootf(t01);
    v3 o = mul(h->offset, 1 - clump);
    if (p->locs > 0) {
      float run = t01 * h->length, turn = h->u1 * 6.28f + run * 1.1f;
      float r = p->locs * rootf(h->u2) * (1 + .25f * sina(run * 2.2f + (float)(index % 97)));
      o = add(o, V(r * cosa(turn), r * .3f * sina(turn + 1), r * sina(turn)));
    }
    o = mad(o, h->stray, p->frizz * t01 * (h->length * .06f + .25f) * 2);
    v3 wander = V(waves.wander_x[k], waves.wander_y[k], waves.wander_z[k]);
    q = add(q, mad(o, wander, p->frizz * .35f * t01));
    if (h->size > 0) {
      v3 tangent = norm(sub(h->g->rest[a + 1], h->g->rest[a]));
      v3 A = norm(cross(tangent, absf(tangent.y) < .9f ? V(0, 1, 0) : V(1, 0, 0)));
      v3 B = cross(tangent, A);
      float r = waves.curl[k];
      q = add(q, add(mul(A, r * waves.curl_cos[k]), mul(B, r * waves.curl_sin[k] * .75f)));
    }
    v3 d = add(h->root, mv(&s->skull, sub(q, h->root_rest)));
    world[k] = to_world(s, d, head_weight_at(q.y));
    along[k] = t;
  }
}

/// Marks points that neither the mesh nor the picture's edge hides; 0 if none is left.
STUDIO_INLINE int find_visible(const studio_scene *s, const v3 *world, int count, uint8_t *visible) {
  int any = 0;
  float side = (float)s->side;
  for (int k = 0; k < count; k++) {
    float x, y, w;
    project(s, world[k], &x, &y, &w);
    if (x < -8 || x >= side + 8 || y < -8) {
      visible[k] = y < side;
      continue;
    }
    visible[k] = 0;
    if (y >= side + 8) continue;
    int xi = (int)clampf(x, 0, side - 1), yi = (int)clampf(y, 0, side - 1);
    visible[k] = w * 1.0006f >= s->depth[yi * s->side + xi];
    any |= visible[k];
  }
  return any;
}

STUDIO_SIMD void studio_comb_hair(studio_scene *s) {
  const studio_model *m = s->model;
  const studio_person *p = s->person;
  int count = (int)(p->hair_count * .84f);
  if (count > m->scalp.count) count = m->scalp.count;
  v3 tone = colour(p->hair), view = V(0, 0, 1), key = colour(p->key), rim = colour(p->rim);
  uint32_t seed = p->seed * 977u + 13;
  float half_width = p->hair_width * s->pixels_per_cm * .545f;
  float softness = p->hairline_softness + .9f + .9f * sat(maxf(p->recess - .6f, p->crown * .3f));
  for (int i = 0; i < count; i++) {
    uint32_t h = seed + (uint32_t)i * 17u;
    int gi = p->locs > 0 ? m->scalp_coarse_guide[i] : m->scalp_guide[i];
    guide *g = &s->guides[gi];
    if (!g->is_alive) continue;
    if (g->length < 5.f && mv(&s->head, g->normal).z < -.35f - .04f * g->length) continue;
    v3 rest = s->scalp_rest[i];
    float inside = hairline_at(p, rest, s->scalp_azimuth[i]);
    if (inside < -1.3f) continue;
    float u0 = hash01(h), u1 = hash01(h + 1), u2 = hash01(h + 2), u3 = hash01(h + 3),
          u4 = hash01(h + 4), u5 = hash01(h + 5);
    // The hair thins towards its line, and a down of short fine hairs goes on beyond it.
    float edge = 1, fine = 1, shorter = 0;
    if (inside < softness + .3f) {
      float ragged = inside + .5f * value_noise(mul(rest, 1.1f), p->seed);
      if (u0 > sstep(-.35f, softness, ragged)) {
        if (hash01(h + 12) > .16f * sstep(-1.3f, -.2f, inside)) continue;
        fine = .55f;
        shorter = .75f;
        edge = .5f;
      } else {
        edge = .45f + .55f * sstep(0, softness, inside);
        fine = .7f + .3f * sstep(-.2f, .8f, inside);
      }
    }
    strand q = {.g = g, .root_rest = rest, .u1 = u1, .u2 = u2, .u5 = u5};
    q.root = on_triangle(s->deformed, m->scalp.vertices + 3 * i, m->scalp.weights + 2 * i);
    q.share = 1 - p->length_variation * .5f * u1 * u1;
    if (inside < 1.2f && p->tie < .5f) q.share -= .25f * (1.2f - inside) / 1.2f;
    q.share = maxf(.06f, q.share * (1 - shorter));
    q.length = g->length * q.share;
    q.count = (int)clampf(
        6 + q.length * .40f + (p->curl_size > .01f ? q.length * p->curl_turns * 4.5f : 0), 6,
        STRAND_POINTS - 4);
    if (q.length < 1.2f) q.count = 4;
    if (!studio_make_room(s, q.count, q.count)) return;
    q.offset = sub(rest, g->root);
    q.phase = hash01((uint32_t)gi * 97u + seed) * 6.2832f +
              (u2 - .5f) * 2.2f * (1 - .6f * p->clump);
    q.turns = p->curl_turns * (.85f + .3f * hash01((uint32_t)gi * 31u + seed + 7));
    q.size = p->curl_size * (.6f + .8f * u3);
    q.stray = V(u3 - .5f, u4 - .5f, u5 - .5f);
    if (hash01(h + 11) < .022f && q.length > 1.5f) q.stray = mul(q.stray, 3.2f);

    v3 world[STRAND_POINTS];
    float along[STRAND_POINTS];
    uint8_t visible[STRAND_POINTS];
    shape_strand(s, &q, gi, world, along);
    if (!find_visible(s, world, q.count, visible)) continue;
    if (!g->is_lit) studio_light_guide(s, gi);

    // Strands of a lock share some of their tone.
    float tone_of_lock = hash01((uint32_t)gi * 7u + seed) - .5f;
    float bright = 1 + p->hair_variation * (u4 * 1.6f - .8f) + .25f * p->hair_variation * tone_of_lock;
    if (p->tie > .5f || p->flow_top == 1) bright *= 1 + .5f * tone_of_lock;
    v3 albedo = mul(tone, bright);
    // Grey comes in degrees, not only in single white hairs.
    float white = sat((p->hair_grey * 1.35f - hash01(h + 9)) * 2.2f);
    if (white > 0) {
      float l = .20f + .20f * u5;
      albedo = lerp3(albedo, V(l, l * .985f, l * .955f), white * (p->curl_size > .3f ? .5f : .7f));
    }
    float hair_half = half_width * fine * (g->is_fringe ? 1.75f : 1);
    float alpha = p->hair_alpha * edge * (g->is_wisp ? .8f : 1);
    if (g->is_fringe) alpha = minf(.92f, alpha * 1.15f);
    for (int k = 0; k < q.count; k++) {
      int last = k == q.count - 1;
      if (!visible[k] && (k == 0 || !visible[k - 1]) && (last || !visible[k + 1])) {
        s->points[s->point_count++] = (strand_point){0};
        continue;
      }
      float t01 = (float)k / (float)(q.count - 1), t = along[k];
      v3 tangent = norm(sub(world[last ? k : k + 1], world[k > 0 ? k - 1 : 0]));
      int a = (int)t;
      if (a > GUIDE_POINTS - 2) a = GUIDE_POINTS - 2;
      float f = t - (float)a;
      v3 ambient = lerp3(g->ambient[a], g->ambient[a + 1], f);
      v3 sheen = lerp3(g->sheen[a], g->sheen[a + 1], f);
      float key_seen = lerpf(g->key[a], g->key[a + 1], f);
      float rim_seen = lerpf(g->rim[a], g->rim[a + 1], f);
      v3 out = norm(sub(world[k], s->light_centre));
      float root = .55f + .45f * sstep(0, minf(q.length * .5f, 4.f), t01 * q.length);
      v3 c = mul(albedo, root * (1 + p->hair_tip * t01));
      c.x *= 1 + .1f * p->hair_tip * t01;
      v3 o = had(c, ambient);
      o = mad(o, had(sheen, V(.35f * c.x + .006f, .35f * c.y + .006f, .35f * c.z + .006f)),
              p->hair_shine * 1.4f);
      o = add(o, fibre(tangent, out, c, s->key_toward, key, key_seen * (.75f + .5f * u5),
                       p->hair_shine, view));
      if (rim_seen > .01f)
        o = add(o, fibre(tangent, out, c, s->rim_toward, rim, rim_seen, p->hair_shine * 1.5f, view));
      put_point(s, world[k], o);
      if (k > 0 && (visible[k] || visible[k - 1])) {
        float before = (float)(k - 1) / (float)(q.count - 1);
        float grown = q.length > 1.2f && k == 1 ? .6f : 1;
        put_segment(
            s, hair_half * (1 - .55f * before * before), hair_half * (1 - .55f * t01 * t01),
            alpha * grown * (1 - .30f * before * before * before),
            alpha * (last ? .25f : 1 - .30f * t01 * t01 * t01));
      }
    }
  }
}

/// One strand that is not rooted in the scalp, lit by its normals.
STUDIO_INLINE void put_loose_strand(
    studio_scene *s, const v3 *rest, const v3 *normals, int count, v3 tone, float half) {
  const studio_model *m = s->model;
  const studio_person *p = s->person;
  if (!studio_make_room(s, count, count)) return;
  int anchor = m->landmarks[27];
  v3 world[16];
  for (int k = 0; k < count; k++) {
    v3 d = add(s->deformed[anchor], mv(&s->skull, sub(rest[k], rest_at(m, anchor))));
    world[k] = to_world(s, d, head_weight_at(rest[k].y));
  }
  v3 above = environment(s, V(0, 1, 0)), view = V(0, 0, 1);
  for (int k = 0; k < count; k++) {
    v3 tangent = norm(sub(world[k < count - 1 ? k + 1 : k], world[k > 0 ? k - 1 : 0]));
    v3 n = mv(&s->head, normals[k]);
    v3 ambient = mul(add(environment(s, n), above), maxf(.05f, .15f + .08f * n.y));
    // Only the side that faces the light shines; strands hide each other otherwise.
    float open = sstep(-.2f, .9f, dot(n, s->key_toward));
    v3 o = add(had(tone, ambient), fibre(tangent, n, tone, s->key_toward, colour(p->key),
                                         open * .75f, p->hair_shine * .6f, view));
    put_point(s, world[k], o);
    if (k) put_segment(s, half, half, p->hair_alpha, k == count - 1 ? .4f : p->hair_alpha);
  }
}

static void add_bun(studio_scene *s, float half) {
  const studio_person *p = s->person;
  v3 tone = colour(p->hair);
  uint32_t seed = p->seed * 977u + 13;
  float radius = p->bun_radius;
  v3 centre = V(0, p->tie_y + radius * .45f, p->tie_z - radius * .30f);
  for (int i = 0; i < 1500; i++) {
    uint32_t h = seed + (uint32_t)i * 29u + 5;
    // Great circles about a tilted axis, some wound the other way: a twisted knot.
    float way = hash01(h + 8) < .3f ? -.7f : .6f;
    v3 axis = norm(V(hash01(h) - .5f + .2f, (hash01(h + 1) - .5f) + way * .3f, hash01(h + 2) - .5f + way));
    v3 u = norm(cross(axis, V(.3f, 1, .2f))), w = cross(axis, u);
    float from = hash01(h + 3) * 6.28f, arc = 1.2f + hash01(h + 4) * 1.5f;
    float r = radius * (.86f + .2f * hash01(h + 5)), height = (hash01(h + 6) - .5f) * 1.7f;
    float ring = rootf(maxf(.05f, 1 - height * height));
    v3 rest[10], normals[10];
    for (int k = 0; k < 10; k++) {
      float a = from + arc * (float)k / 9.f;
      normals[k] = norm(add(add(mul(u, ring * cosa(a)), mul(w, ring * sina(a))), mul(axis, height)));
      rest[k] = mad(centre, normals[k], r);
    }
    float lock = hash01(seed + (uint32_t)(from * 2.2f) * 77u + 3);
    put_loose_strand(s, rest, normals, 10, mul(tone, (.6f + .4f * hash01(h + 7)) * (.75f + .5f * lock)), half);
  }
}

/// A pony tail: back from the tie, then down and over one shoulder.
static void add_tail(studio_scene *s, float half) {
  const studio_person *p = s->person;
  v3 tone = colour(p->hair);
  uint32_t seed = p->seed * 991u + 29;
  float side = p->tail_side, reach = p->tail_length;
  v3 path[12];
  for (int k = 0; k < 12; k++) {
    float t = (float)k / 11.f, down = reach * t * t * (1.6f - .6f * t);
    float over = sstep(.35f, 1.f, t);
    path[k] = V(side * (1.2f * t + 6.6f * over), p->tie_y + 1.6f * sina(t * 3.f) * (1 - t) - down,
                p->tie_z - 2.6f * sina(minf(t * 2.2f, 1.57f)) + 6.5f * over * over);
    v3 gradient;
    float d = body_distance(s->model, path[k], &gradient);
    if (d < 1.7f) path[k] = mad(path[k], gradient, 1.7f - d);
  }
  for (int i = 0; i < 2200; i++) {
    uint32_t h = seed + (uint32_t)i * 23u;
    float angle = hash01(h) * 6.28f, r = rootf(hash01(h + 1)), bright = .65f + .6f * hash01(h + 2);
    float end = .72f + .28f * hash01(h + 3), wave = hash01(h + 4) * 6.28f;
    v3 rest[12], normals[12];
    for (int k = 0; k < 12; k++) {
      float t = (float)k / 11.f * end * 11.f;
      int a = t < 10.99f ? (int)t : 10;
      v3 c = lerp3(path[a], path[a + 1], t - (float)a), T = norm(sub(path[a + 1], path[a]));
      v3 A = norm(cross(T, V(0, .2f, 1))), B = cross(T, A);
      float grown = t / 11.f, thick = .7f + 1.0f * sstep(0, .25f, grown) * (1 - .55f * grown);
      float turn = angle + .5f * grown + p->curl_size * .8f * sina(grown * reach * .5f + wave);
      v3 n = add(mul(A, cosa(turn)), mul(B, sina(turn)));
      rest[k] = mad(c, n, r * thick);
      normals[k] = norm(mad(n, V(0, .3f, .2f), .4f));
    }
    put_loose_strand(s, rest, normals, 12, mul(tone, bright * (.55f + .45f * r)), half);
  }
}

void studio_add_ties(studio_scene *s) {
  float half = s->person->hair_width * s->pixels_per_cm * .545f;
  if (s->person->bun_radius > .1f) add_bun(s, half);
  if (s->person->tail_length > .1f) add_tail(s, half * 1.2f);
}
