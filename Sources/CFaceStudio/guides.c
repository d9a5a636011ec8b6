#include "scene.h"

// Guide hairs: grown in rest space around the body, then carried to the person; what they shade and
// how they are lit.

STUDIO_INLINE v3 flow(const studio_person *p, v3 q, v3 root, float side, int fringe) {
  if (fringe) return norm(V(q.x * .06f, -.5f, 1));
  float top = sstep(7.5f, 11.f, q.y);
  v3 tie = V(0, p->tie_y, p->tie_z), ft, fs;
  switch (p->flow_top) {
    case 0: ft = sub(q, V(1.2f, 14.8f, -4.f)); break;  // from the whorl
    case 1: ft = V(q.x * .03f, -.1f, -1); break;       // back
    case 2: ft = V(side, -.15f, -p->back_sweep); break;  // from the parting
    case 3: ft = V(q.x * .05f, -.2f, 1); break;        // forward
    case 4: ft = root.z > 2 ? V(q.x * .05f, .55f, -.8f) : V(0, -.1f, -1); break;  // up
    case 5: ft = sub(tie, q); break;
    default: ft = sub(q, V(0, 5, 0)); break;  // away from the head
  }
  switch (p->flow_side) {
    case 0: fs = V(q.x * .02f, -1, -.2f); break;
    case 1: fs = V(0, -.45f, -1); break;
    case 2: fs = V(0, -1, .25f); break;
    case 5: fs = sub(tie, q); break;
    default: fs = sub(q, V(0, 5, 0)); break;
  }
  return norm(lerp3(norm(fs), norm(ft), top));
}

STUDIO_INLINE float guide_length(const studio_person *p, guide *g, v3 r, float u0, float azimuth) {
  float top = sstep(7.f, 10.5f, r.y), back = sstep(0, -4, r.z) * (1 - top);
  float len = lerpf(lerpf(p->length_side, p->length_top, top), p->length_back, back);
  len *= 1 + p->length_variation * (u0 - .5f);
  if (p->fringe > .5f && r.y > 9.2f && r.z > 2.f && absf(r.x) < p->fringe_width) {
    g->is_fringe = 1;
    len = p->fringe_length * (.9f + .2f * u0) * (1 + .0625f * maxf(0, 8 - r.z));
  }
  if (p->fade > 0 && top < .99f) len *= lerpf(1 - p->fade, 1, sstep(-4.f, 8.f, r.y));
  if (p->afro_radius > .5f) {
    // Tips on an ellipsoid: one length everywhere would make a spiky ball.
    v3 q = sub(r, V(0, 5.5f, -.5f)), d = norm(q);
    float a = p->afro_radius;
    v3 e = V(d.x / (8.3f + a), d.y / (9.3f + a * 1.05f), d.z / (9.f + a * .95f));
    len = maxf(.5f, 1 / length(e) - length(q)) * (1 + p->length_variation * (u0 - .5f));
    if (r.y < 2) len *= sstep(-6.f, 2.f, r.y) * .75f + .25f;
  }
  // Where hair recedes, what is left is shorter.
  float bare = maxf(p->recess * .5f, p->crown * .25f);
  if (bare > .3f) len *= lerpf(1, .35f + .65f * sstep(0, 3.f, hairline_at(p, r, azimuth)), sat(bare));
  if (g->is_wisp) len = 5.f + 8.f * u0;
  return maxf(.15f, len);
}

STUDIO_INLINE void grow(studio_scene *s, int index) {
  const studio_model *m = s->model;
  const studio_person *p = s->person;
  guide *g = &s->guides[index];
  v3 r = s->scalp_rest[index], n;
  float azimuth = s->scalp_azimuth[index];
  body_distance(m, r, &n);
  g->root = r;
  g->normal = n;
  uint32_t h = p->seed * 7919u + (uint32_t)index * 31u;
  float u0 = hash01(h), u1 = hash01(h + 1), u2 = hash01(h + 2), u3 = hash01(h + 3);
  float side = r.x > p->part_x + (u3 - .5f) * .5f ? 1 : -1;
  if (r.y < 9.5f) side = r.x > 0 ? 1 : -1;
  g->side = side;
  g->is_fringe = 0;
  float inside = hairline_at(p, r, azimuth);
  // A few loose locks at the temples escape a tie.
  g->is_wisp = p->tie > .5f && azimuth > 34 && azimuth < 84 && inside > -.2f && inside < 1.1f &&
               hash01(h + 4) < .22f;
  int tied_back = p->tie > .5f && !g->is_wisp;
  float len = guide_length(p, g, r, u0, azimuth), step = len / (GUIDE_POINTS - 1);
  g->length = len;

  v3 w = g->is_wisp ? V(side * .3f, -1, .35f) : flow(p, r, r, side, g->is_fringe);
  w = norm(sub(w, mul(n, dot(w, n))));
  float lift = p->lift * (g->is_fringe ? .6f : 1);
  v3 d = norm(add(mul(n, lift), mul(w, 1 - lift)));
  d = norm(add(d, mul(V(u1 - .5f, u2 - .5f, u3 - .5f), p->messy)));
  v3 q = mad(r, n, .02f);
  float stand = p->volume * (.12f + .88f * u1) * (.35f + .65f * sstep(3.f, 11.f, r.y));
  if (tied_back) stand = p->volume * (.3f + .4f * u1);
  float guard = g->is_fringe || g->is_wisp ? 0 : p->guard, travelled = 0, fall = p->front_fall;
  float gravity = g->is_wisp ? .55f : p->gravity, comb = g->is_wisp ? .1f : p->comb;
  int radial = p->flow_top == 6;
  g->rest[0] = q;
  for (int i = 1; i < GUIDE_POINTS; i++) {
    v3 next = mad(q, d, step), gradient;
    travelled += step;
    float distance = body_distance(m, next, &gradient);
    float target = stand * sstep(0, 2.5f, travelled);
    if (next.y < -7) target = maxf(target, .7f + stand * .8f);
    if (distance < target)
      next = mad(next, gradient, (target - distance) * (distance < .05f ? 1.f : .6f));
    v3 moved = sub(next, q);
    float l = length(moved);
    if (l > 1e-5f) moved = mul(moved, 1 / l);
    q = mad(q, moved, minf(l, step * 1.6f));
    g->rest[i] = q;
    v3 along = g->is_wisp ? V(0, -1, .1f) : flow(p, q, r, side, g->is_fringe);
    if (distance < target + 1.f && !radial)
      along = norm(sub(along, mul(gradient, dot(along, gradient) * .9f)));
    v3 pull = mul(along, comb * expa(-travelled * .04f));
    pull.y -= gravity * sstep(0, 4, travelled);
    if (distance > target && !radial)
      pull = mad(
          pull, gradient, -p->adhere * minf(distance - target, 2.5f) * (q.y > -7 ? 1.f : .35f));
    if (guard > 0 && q.y < 10.8f && q.z > 1.5f) {
      // Keep the face clear.
      float limit = p->guard_side, fx = absf(q.x);
      float zone = (1 - sstep(limit - 1.2f, limit + .8f, fx)) * sstep(1.f, 4.f, q.z);
      float sign = r.y > 9 ? side : q.x > 0 ? 1.f : -1.f;
      if (q.y < 9 && fx > 1.5f) sign = q.x > 0 ? 1 : -1;
      pull = add(pull, mul(V(sign, 0, -.55f), guard * zone));
    }
    if (q.y < -3) {
      pull.z += ((r.z > -1.5f - fall * 2.f) ? fall : -.5f) * .5f;
      if (q.y < -6) pull.x *= .6f;
    }
    if (tied_back) {
      v3 to_tie = sub(V(0, p->tie_y, p->tie_z), q);
      if (dot(to_tie, to_tie) < 2.2f * 2.2f) {
        for (int k = i + 1; k < GUIDE_POINTS; k++) g->rest[k] = q;
        break;
      }
    }
    uint32_t hi = h + (uint32_t)i * 3u;
    v3 jitter = V(hash01(hi + 5) - .5f, hash01(hi + 6) - .5f, hash01(hi + 7) - .5f);
    d = norm(add(mul(d, p->stiffness), add(pull, mul(jitter, p->messy * .5f))));
  }
}

STUDIO_SIMD void studio_grow_guides(studio_scene *s) {
  const studio_model *m = s->model;
  for (int i = 0; i < STUDIO_GUIDES; i++) {
    guide *g = &s->guides[i];
    grow(s, i);
    float inside = hairline_at(s->person, g->root, s->scalp_azimuth[i]);
    g->is_alive = inside > (s->person->locs > 0 ? .2f : -1.2f);
    g->is_lit = 0;
    v3 root = on_triangle(s->deformed, m->scalp.vertices + 3 * i, m->scalp.weights + 2 * i);
    for (int k = 0; k < GUIDE_POINTS; k++) {
      v3 h = add(root, mv(&s->skull, sub(g->rest[k], g->root)));
      g->world[k] = to_world(s, h, head_weight_at(g->rest[k].y));
    }
  }
}

STUDIO_INLINE void blur(float *a) {
  float t[HAIR_MAP * HAIR_MAP];
  for (int y = 0; y < HAIR_MAP; y++) {
    float *o = t + y * HAIR_MAP;
    const float *r = a + y * HAIR_MAP;
    o[0] = r[0];
    o[HAIR_MAP - 1] = r[HAIR_MAP - 1];
    for (int x = 1; x < HAIR_MAP - 1; x++) o[x] = .25f * r[x - 1] + .5f * r[x] + .25f * r[x + 1];
  }
  for (int y = 1; y < HAIR_MAP - 1; y++)
    for (int x = 0; x < HAIR_MAP; x++) {
      int o = y * HAIR_MAP + x;
      a[o] = .25f * t[o - HAIR_MAP] + .5f * t[o] + .25f * t[o + HAIR_MAP];
    }
}

STUDIO_INLINE void widen_front(float *a) {
  float t[HAIR_MAP * HAIR_MAP];
  memcpy(t, a, sizeof t);
  for (int y = 1; y < HAIR_MAP - 1; y++)
    for (int x = 1; x < HAIR_MAP - 1; x++) {
      int o = y * HAIR_MAP + x;
      float around = maxf(maxf(t[o - 1], t[o + 1]), maxf(t[o - HAIR_MAP], t[o + HAIR_MAP]));
      a[o] = maxf(t[o], around - .15f);
    }
}

/// Deep opacity maps (Yuksel and Keyser 2008), fed by points along the guides.
STUDIO_SIMD void studio_shade_with_hair(studio_scene *s) {
  const studio_person *p = s->person;
  float *X = s->deposit[0], *Y = s->deposit[1], *Z = s->deposit[2], *opacity = s->deposit[3];
  float *hx = s->deposit[4], *hy = s->deposit[5], *hw = s->deposit[6];
  int n = 0;
  float per_cm = p->hair_count / STUDIO_GUIDES * p->hair_width / .353f * .85f;
  for (int i = 0; i < STUDIO_GUIDES; i++) {
    const guide *g = &s->guides[i];
    float inside = hairline_at(p, g->root, s->scalp_azimuth[i]);
    if (!g->is_alive || inside < 0) continue;
    float segment = g->length / (GUIDE_POINTS - 1);
    float weight = (.25f + .75f * sstep(0, p->hairline_softness + 1.f, inside)) * per_cm;
    if (g->is_wisp) weight *= .3f;
    for (int k = 0; k < GUIDE_POINTS - 1; k++) {
      // Few and heavy deposits would give blotches on the forehead.
      int parts = ceili(segment / (g->rest[k].y > -3.f ? .75f : 2.f));
      if (segment < .5f && (k & 1)) continue;
      float o = (segment < .5f ? 2.f : 1.f) * segment * weight / (float)parts;
      for (int j = 0; j < parts && n < s->deposit_capacity; j++, n++) {
        v3 q = lerp3(g->world[k], g->world[k + 1], ((float)j + .5f) / (float)parts);
        q = sub(q, s->light_centre);
        X[n] = q.x, Y[n] = q.y, Z[n] = q.z, opacity[n] = o;
      }
    }
  }
  const float scale = HAIR_MAP / (2 * shadow_reach), half = HAIR_MAP * .5f - .5f;
  for (int li = 0; li < s->light_count; li++) {
    light *l = &s->lights[li];
    for (int i = 0; i < HAIR_MAP * HAIR_MAP; i++) l->hair_front[i] = -1e9f;
    memset(l->hair_layer, 0, sizeof l->hair_layer);
    v3 u = mul(l->u, scale), v = mul(l->v, scale), d = l->toward;
    for (int i = 0; i < n; i++) {
      hx[i] = clampf(X[i] * u.x + Y[i] * u.y + Z[i] * u.z + half, 0, HAIR_MAP - 1.01f);
      hy[i] = clampf(X[i] * v.x + Y[i] * v.y + Z[i] * v.z + half, 0, HAIR_MAP - 1.01f);
      hw[i] = X[i] * d.x + Y[i] * d.y + Z[i] * d.z;
    }
    for (int i = 0; i < n; i++) {
      float *z = &l->hair_front[(int)hy[i] * HAIR_MAP + (int)hx[i]], w = hw[i];
      z[0] = maxf(z[0], w);
      z[1] = maxf(z[1], w);
      z[HAIR_MAP] = maxf(z[HAIR_MAP], w);
      z[HAIR_MAP + 1] = maxf(z[HAIR_MAP + 1], w);
    }
    widen_front(l->hair_front);
    for (int i = 0; i < n; i++) {
      int a = (int)hx[i], b = (int)hy[i], o = b * HAIR_MAP + a;
      float fx = hx[i] - (float)a, fy = hy[i] - (float)b, behind = l->hair_front[o] - hw[i];
      float *layer = l->hair_layer[behind < .8f ? 0 : behind < 2.5f ? 1 : 2];
      float below = opacity[i] * fy, above = opacity[i] - below;
      layer[o] += above * (1 - fx);
      layer[o + 1] += above * fx;
      layer[o + HAIR_MAP] += below * (1 - fx);
      layer[o + HAIR_MAP + 1] += below * fx;
    }
    for (int k = 0; k < (l->kind != LIGHT_DOME ? 3 : 1); k++)
      for (int j = 0; j < 3; j++) blur(l->hair_layer[j]);
  }
}

/// Light along a guide, at every second point; strands take it from their guide.
STUDIO_SIMD void studio_light_guide(studio_scene *s, int index) {
  guide *g = &s->guides[index];
  v3 view = V(0, 0, 1);
  g->is_lit = 1;
  for (int k = 0; k < GUIDE_POINTS; k += k == GUIDE_POINTS - 2 ? 1 : 2) {
    v3 p = g->world[k];
    v3 tangent = norm(sub(g->world[k < GUIDE_POINTS - 1 ? k + 1 : k], g->world[k > 0 ? k - 1 : 0]));
    v3 q = sub(p, s->light_centre), ambient = V(0, 0, 0), sheen = V(0, 0, 0);
    float key = 0, keys = 0, rim = 0, rims = 0;
    float tv = dot(tangent, view), sv = rootf(maxf(0, 1 - tv * tv));
    for (int i = 0; i < s->light_count; i++) {
      const light *l = &s->lights[i];
      float seen = mesh_seen(l, q, .35f, .8f);
      if (seen > .01f) seen *= .92f * expa(-hair_depth(l, q, .25f) * .55f) + .08f;
      if (l->kind == LIGHT_KEY) {
        key += seen, keys++;
      } else if (l->kind == LIGHT_RIM) {
        rim += seen, rims++;
      } else {
        float tl = dot(tangent, l->toward), sl = rootf(maxf(0, 1 - tl * tl));
        ambient = mad(ambient, l->colour, seen * (.35f + .65f * sl) * .55f);
        float c = maxf(0, sl * sv - tl * tv);
        c *= c;
        c *= c;
        c *= c;
        sheen = mad(sheen, l->colour, seen * c);
      }
    }
    g->ambient[k] = ambient;
    g->sheen[k] = sheen;
    g->key[k] = keys > 0 ? key / keys : 0;
    g->rim[k] = rims > 0 ? rim / rims : 0;
  }
  for (int k = 1; k < GUIDE_POINTS - 2; k += 2) {
    g->ambient[k] = mul(add(g->ambient[k - 1], g->ambient[k + 1]), .5f);
    g->sheen[k] = mul(add(g->sheen[k - 1], g->sheen[k + 1]), .5f);
    g->key[k] = .5f * (g->key[k - 1] + g->key[k + 1]);
    g->rim[k] = .5f * (g->rim[k - 1] + g->rim[k + 1]);
  }
}
