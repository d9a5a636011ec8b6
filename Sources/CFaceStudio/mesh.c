#include "scene.h"

// The person's shape: modes, eye balls, skull transform, pose, camera, normals, per-vertex noise.

/// o += c · half floats. Exact for all finite values: the exponent is moved by a multiplication.
STUDIO_INLINE void add_halves(float *o, const uint16_t *h, float c, int n) {
  for (int i = 0; i < n; i++) {
    uint32_t u = h[i];
    float f = bits_float((u & 0x7fffu) << 13) * 5.192296858534828e33f;  // 2^112
    f = bits_float(float_bits(f) | (u & 0x8000u) << 16);
    o[i] += c * f;
  }
}

STUDIO_SIMD static void add_modes(
    const studio_model *m, const float *identity, const float *expression, v3 *deformed) {
  float *o = (float *)deformed;
  int n = 3 * m->basis_vertex_count;
  memcpy(o, m->rest, sizeof(float) * (size_t)n);
  // Blocks that stay in the first-level cache.
  for (int b = 0; b < n; b += 3072) {
    int count = n - b < 3072 ? n - b : 3072;
    for (int k = 0; k < STUDIO_IDENTITIES; k++)
      if (absf(identity[k]) > 1e-3f)
        add_halves(o + b, m->identity + (int64_t)k * n + b, identity[k], count);
    for (int k = 0; k < STUDIO_EXPRESSIONS; k++)
      if (absf(expression[k]) > 1e-3f)
        add_halves(o + b, m->expression + (int64_t)k * n + b, expression[k], count);
  }
}

/// Least squares: the affine map from rest to deformed over the cranium; hair grows by it.
static m3 fit_skull(const studio_model *m, const v3 *deformed) {
  double a[4][4] = {{0}}, b[4][3] = {{0}};
  for (int i = 0; i < m->basis_vertex_count; i++) {
    if (!is_skin(m->vertex_material[i])) continue;
    v3 r = rest_at(m, i);
    if (r.y < 2 || (r.z > 7 && r.y < 8)) continue;
    double q[4] = {r.x, r.y, r.z, 1};
    double d[3] = {deformed[i].x, deformed[i].y, deformed[i].z};
    for (int row = 0; row < 4; row++) {
      for (int c = 0; c < 4; c++) a[row][c] += q[row] * q[c];
      for (int c = 0; c < 3; c++) b[row][c] += q[row] * d[c];
    }
  }
  for (int c = 0; c < 4; c++) {
    int pivot = c;
    for (int r = c + 1; r < 4; r++)
      if (fabs(a[r][c]) > fabs(a[pivot][c])) pivot = r;
    for (int k = 0; k < 4; k++) {
      double t = a[c][k];
      a[c][k] = a[pivot][k];
      a[pivot][k] = t;
    }
    for (int k = 0; k < 3; k++) {
      double t = b[c][k];
      b[c][k] = b[pivot][k];
      b[pivot][k] = t;
    }
    if (fabs(a[c][c]) < 1e-9)  // no cranium to speak of: hair keeps its rest shape
      return (m3){{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    double inverse = 1 / a[c][c];
    for (int k = 0; k < 4; k++) a[c][k] *= inverse;
    for (int k = 0; k < 3; k++) b[c][k] *= inverse;
    for (int r = 0; r < 4; r++)
      if (r != c) {
        double f = a[r][c];
        for (int k = 0; k < 4; k++) a[r][k] -= f * a[c][k];
        for (int k = 0; k < 3; k++) b[r][k] -= f * b[c][k];
      }
  }
  m3 out;
  for (int k = 0; k < 3; k++) out.r[k] = V((float)b[0][k], (float)b[1][k], (float)b[2][k]);
  return out;
}

static void turn_eyes(studio_scene *s) {
  const studio_model *m = s->model;
  m3 g = rotation(s->person->gaze_yaw, -s->person->gaze_pitch, 0);
  for (int e = 0; e < 2; e++) {
    int from = m->eye_range[e][0], to = m->eye_range[e][1];
    v3 d = V(0, 0, 0);
    for (int i = from; i < to; i++) d = add(d, sub(s->deformed[i], rest_at(m, i)));
    d = mul(d, 1.f / (float)(to - from));
    v3 centre = add(V(m->eye_centre[e][0], m->eye_centre[e][1], m->eye_centre[e][2]), d);
    for (int i = from; i < to; i++)
      s->deformed[i] = add(centre, mv(&g, sub(s->deformed[i], centre)));
    s->eye_centre[e] = centre;
    s->gaze[e] = V(g.r[0].z, g.r[1].z, g.r[2].z);
  }
}

STUDIO_SIMD void studio_pose(studio_scene *s, const float *identity, const float *expression) {
  const studio_model *m = s->model;
  const studio_person *p = s->person;
  add_modes(m, identity, expression, s->deformed);
  int basis = m->basis_vertex_count;
  for (int i = basis; i < m->vertex_count; i++) {
    const int32_t *to = m->binding + 6 * (int64_t)(i - basis);
    const float *weight = m->binding_weight + 6 * (int64_t)(i - basis);
    v3 d = V(0, 0, 0);
    for (int k = 0; k < 6; k++)
      d = mad(d, sub(s->deformed[to[k]], rest_at(m, to[k])), weight[k]);
    s->deformed[i] = add(rest_at(m, i), d);
  }
  turn_eyes(s);
  s->skull = fit_skull(m, s->deformed);

  s->head = rotation(p->yaw, p->pitch, p->roll);
  s->body = rotation(p->body_yaw, p->body_pitch, p->roll * .3f);
  s->pivot = V(0, -6, -1);
  for (int i = 0; i < m->vertex_count; i++)
    s->world[i] = to_world(s, s->deformed[i], m->head_weight[i]);
  for (int e = 0; e < 2; e++) {
    s->eye_centre[e] = to_world(s, s->eye_centre[e], 1);
    s->gaze[e] = mv(&s->head, s->gaze[e]);
  }

  // Framed by eyes and mouth, as aligned photographs are.
  const int32_t *lm = m->landmarks;
  v3 eyes = V(0, 0, 0);
  for (int i = 36; i < 48; i++) eyes = add(eyes, s->world[lm[i]]);
  eyes = mul(eyes, 1 / 12.f);
  v3 mouth = mul(add(s->world[lm[48]], s->world[lm[54]]), .5f), down = sub(mouth, eyes);
  s->camera_z = eyes.z;
  s->camera_distance = p->camera_distance;
  s->pixels_per_cm = (float)s->side / p->crop;
  s->camera_x = eyes.x + .1f * down.x + p->offset_x;
  s->camera_y = eyes.y + .1f * down.y + p->offset_y;
}

/// Garments stand off the body, thicker at the collar, with folds.
static void puff_garment(studio_scene *s) {
  const studio_model *m = s->model;
  const studio_person *p = s->person;
  float bulge = .10f, width = 1.2f;
  switch (p->cloth) {
    case 2:
    case 6: bulge = .55f, width = 2.2f; break;
    case 3: bulge = .25f; break;
    case 4: bulge = 1.5f, width = 4.f; break;
    default: break;
  }
  for (int i = m->basis_vertex_count; i < m->vertex_count; i++) {
    if (m->vertex_material[i] != STUDIO_CLOTH) continue;
    v3 gradient, r = rest_at(m, i);
    body_distance(m, r, &gradient);
    float c = s->collar[i];
    float out = bulge * sstep(width, 0.f, c) * (c > -1.5f);
    float fold = .22f * value_noise(mul(r, .35f), p->seed + 5) +
                 .10f * value_noise(mul(r, .9f), p->seed + 6);
    // Folds run down from the shoulders and across the chest.
    float drape = .10f * value_noise(V(r.x * .75f, r.y * .22f + r.z * .1f, 3.f), p->seed + 7);
    out += (fold + drape + .30f) * sstep(.5f, 3.f, c) * 1.5f + .20f;
    s->world[i] = mad(s->world[i], mv(&s->body, gradient), out);
  }
}

STUDIO_SIMD void studio_surface(studio_scene *s) {
  const studio_model *m = s->model;
  const studio_person *p = s->person;
  int n = m->vertex_count;
  for (int i = 0; i < n; i++) {
    int kind = m->vertex_material[i];
    int may_be_covered = kind == STUDIO_CLOTH || (is_skin(kind) && m->rest[3 * i + 1] < -8);
    s->collar[i] = may_be_covered ? collar_at(p, rest_at(m, i)) : is_skin(kind) ? -1 : 1;
  }
  puff_garment(s);
  memset(s->normal, 0, sizeof(v3) * (size_t)n);
  for (int t = 0; t < m->triangle_count; t++) {
    const int32_t *v = m->triangles + 3 * t;
    v3 c = cross(sub(s->world[v[1]], s->world[v[0]]), sub(s->world[v[2]], s->world[v[0]]));
    for (int k = 0; k < 3; k++) s->normal[v[k]] = add(s->normal[v[k]], c);
  }
  for (int i = 0; i < n; i++) s->normal[i] = norm(s->normal[i]);
  for (int i = 0; i < n; i++) project(s, s->world[i], &s->sx[i], &s->sy[i], &s->sw[i]);

  uint32_t seed = p->seed;
  for (int a = 0; a < s->lit_count; a++) {
    int i = s->lit[a];
    s->noise_melanin[i] = s->noise_blood[i] = s->cavity[i] = 0;
    if (!is_skin(m->vertex_material[i])) continue;
    v3 r = rest_at(m, i);
    s->noise_melanin[i] =
        p->mottle * (.55f * value_noise(mul(r, .33f), seed + 1) +
                     .6f * value_noise(mul(r, .95f), seed + 2) +
                     .45f * value_noise(mul(r, 2.6f), seed + 3));
    s->noise_blood[i] =
        p->mottle * (.6f * value_noise(mul(r, .4f), seed + 11) +
                     .7f * value_noise(mul(r, 1.2f), seed + 12) +
                     .65f * value_noise(mul(r, 3.1f), seed + 13));
    // Mean curvature in units of the edge length: creases are positive.
    int from = m->neighbour_start[i], to = m->neighbour_start[i + 1];
    s->edge_length[i] = 1;
    if (to <= from) continue;
    v3 sum = V(0, 0, 0);
    float edges = 0;
    for (int k = from; k < to; k++) {
      v3 d = sub(s->world[m->neighbours[k]], s->world[i]);
      sum = add(sum, d);
      edges += length(d);
    }
    float count = (float)(to - from);
    edges /= count;
    s->edge_length[i] = edges;
    s->cavity[i] = dot(mul(sum, 1.f / count), s->normal[i]) / (edges + 1e-4f);
  }
  for (int pass = 0; pass < 2; pass++) {
    for (int a = 0; a < s->lit_count; a++) {
      int i = s->lit[a], from = m->neighbour_start[i], to = m->neighbour_start[i + 1];
      if (!is_skin(m->vertex_material[i]) || to <= from) continue;
      float sum = 0;
      for (int k = from; k < to; k++) sum += s->cavity[m->neighbours[k]];
      s->spare[i] = .4f * s->cavity[i] + .6f * sum / (float)(to - from);
    }
    for (int a = 0; a < s->lit_count; a++) {
      int i = s->lit[a];
      if (is_skin(m->vertex_material[i]) && m->neighbour_start[i + 1] > m->neighbour_start[i])
        s->cavity[i] = s->spare[i];
    }
  }
}
