#include "scene.h"

// About 34 directional lights, one shadow map each: the dome, the key as a disc, the rim.

static void add_light(studio_scene *s, v3 toward, v3 radiance, int kind) {
  if (s->light_count >= MOST_LIGHTS) return;
  light *l = &s->lights[s->light_count++];
  l->toward = toward;
  l->colour = radiance;
  l->kind = kind;
  l->side = kind == LIGHT_DOME ? DOME_MAP : KEY_MAP;
  l->u = norm(cross(absf(toward.y) < .9f ? V(0, 1, 0) : V(1, 0, 0), toward));
  l->v = cross(toward, l->u);
}

static v3 direction(float azimuth, float elevation) {
  float c = cosa(elevation);
  return V(sina(azimuth) * c, sina(elevation), cosa(azimuth) * c);
}

void studio_set_lights(studio_scene *s) {
  const studio_person *p = s->person;
  s->light_count = 0;
  s->fill_toward = direction(p->fill_azimuth, p->fill_elevation);
  s->light_centre = to_world(s, V(0, 1.5f, 1.f), 1);
  v3 toward = s->key_toward = direction(p->key_azimuth, p->key_elevation);
  float size = p->key_size, sine = sina(size);
  s->key_sine2 = sine * sine + 1e-3f;
  v3 u = norm(cross(absf(toward.y) < .9f ? V(0, 1, 0) : V(1, 0, 0), toward)), w = cross(toward, u);
  // Samples of the disc on a spiral.
  int count = size > .35f ? 9 : size > .12f ? 6 : 4;
  float reach = sine / cosa(size) * .95f;
  for (int i = 0; i < count; i++) {
    float r = reach * rootf(((float)i + .5f) / (float)count), t = (float)i * 2.39996f + .6f;
    v3 d = norm(add(toward, add(mul(u, r * cosa(t)), mul(w, r * sina(t)))));
    add_light(s, d, mul(colour(p->key), 1.f / (float)count), LIGHT_KEY);
  }
  s->rim_toward = direction(p->rim_azimuth, p->rim_elevation);
  if (luminance(colour(p->rim)) > .01f)
    for (int side = -1; side <= 1; side += 2)
      add_light(
          s, norm(add(s->rim_toward, V(0, .08f * (float)side, 0))), mul(colour(p->rim), .5f),
          LIGHT_RIM);
  // The dome on a Fibonacci sphere; a dome of radiance L everywhere gives irradiance L.
  const int dome = 30;
  float turn = next_random(s) * 6.28f;
  for (int i = 0; i < dome; i++) {
    float y = 1 - 2 * ((float)i + .5f) / (float)dome, r = rootf(1 - y * y);
    float t = (float)i * 2.39996f + turn;
    v3 d = V(r * cosa(t), y, r * sina(t)), c = mul(environment(s, d), 4.f / (float)dome);
    if (luminance(c) >= 1e-4f) add_light(s, d, c, LIGHT_DOME);
  }
}

STUDIO_INLINE void cast(studio_scene *s, light *l) {
  int side = l->side;
  float scale = (float)side / (2 * shadow_reach), half = (float)side * .5f;
  for (int i = 0; i < side * side; i++) l->depth[i] = -1e9f;
  float ux = l->u.x * scale, uy = l->u.y * scale, uz = l->u.z * scale;
  float vx = l->v.x * scale, vy = l->v.y * scale, vz = l->v.z * scale;
  const float *px = s->caster_x, *py = s->caster_y, *pz = s->caster_z;
  float *u = s->caster_u, *v = s->caster_v, *d = s->caster_d;
  for (int i = 0; i < s->caster_vertex_count; i++) {
    u[i] = px[i] * ux + py[i] * uy + pz[i] * uz + half;
    v[i] = px[i] * vx + py[i] * vy + pz[i] * vz + half;
    d[i] = px[i] * l->toward.x + py[i] * l->toward.y + pz[i] * l->toward.z;
  }
  for (int t = 0; t < s->caster_count; t++) {
    if (s->caster_skip[t]) continue;
    const int32_t *q = s->caster_triangles + 3 * t;
    int a = q[0], b = q[1], c = q[2];
    float x0 = u[a], y0 = v[a], x1 = u[b], y1 = v[b], x2 = u[c], y2 = v[c];
    float area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
    if (area < 1e-9f) continue;
    int left = (int)(minf(x0, minf(x1, x2)) + .5f), right = (int)(maxf(x0, maxf(x1, x2)) - .5f);
    int top = (int)(minf(y0, minf(y1, y2)) + .5f), bottom = (int)(maxf(y0, maxf(y1, y2)) - .5f);
    if (left < 0) left = 0;
    if (top < 0) top = 0;
    if (right >= side) right = side - 1;
    if (bottom >= side) bottom = side - 1;
    if (left > right || top > bottom) continue;
    float inverse = 1 / area;
    float dx1 = (y2 - y0) * inverse, dy1 = -(x2 - x0) * inverse;
    float dx2 = -(y1 - y0) * inverse, dy2 = (x1 - x0) * inverse;
    float w0 = d[a], w1 = d[b] - w0, w2 = d[c] - w0;
    float fx = (float)left + .5f - x0, fy = (float)top + .5f - y0;
    float row1 = fx * dx1 + fy * dy1, row2 = fx * dx2 + fy * dy2;
    for (int y = top; y <= bottom; y++, row1 += dy1, row2 += dy2) {
      float l1 = row1, l2 = row2;
      float *z = l->depth + y * side + left;
      for (int x = left; x <= right; x++, l1 += dx1, l2 += dx2, z++) {
        float w = w0 + l1 * w1 + l2 * w2;
        if (l1 > -1e-4f && l2 > -1e-4f && l1 + l2 < 1.0001f && w > *z) *z = w;
      }
    }
  }
}

STUDIO_SIMD void studio_cast_shadows(studio_scene *s) {
  for (int i = 0; i < s->caster_vertex_count; i++) {
    v3 q = sub(s->world[s->caster_vertices[i]], s->light_centre);
    s->caster_x[i] = q.x;
    s->caster_y[i] = q.y;
    s->caster_z[i] = q.z;
  }
  for (int t = 0; t < s->caster_count; t++) {
    const int32_t *q = s->caster_triangles + 3 * t;
    int all_bare = 1;
    for (int k = 0; k < 3; k++) all_bare &= s->collar[s->caster_vertices[q[k]]] < 0;
    s->caster_skip[t] = t >= s->first_cloth_caster && all_bare;
  }
  for (int i = 0; i < s->light_count; i++) cast(s, &s->lights[i]);
}

STUDIO_SIMD void studio_light_vertices(studio_scene *s) {
  const studio_model *m = s->model;
  int pixels = s->side * s->side;
  uint8_t *seen = s->seen;
  memset(seen, 0, (size_t)m->vertex_count);
  for (int i = 0; i < pixels; i++) {
    int t = s->triangle[i];
    if (t < 0) continue;
    const int32_t *v = m->triangles + 3 * t;
    seen[v[0]] = seen[v[1]] = seen[v[2]] = 1;
  }
  // Three rings more, so that diffusion has something to draw from.
  for (int ring = 1; ring <= 3; ring++)
    for (int a = 0; a < s->lit_count; a++) {
      int i = s->lit[a];
      if (seen[i] != ring || !is_skin(m->vertex_material[i])) continue;
      for (int k = m->neighbour_start[i]; k < m->neighbour_start[i + 1]; k++)
        if (!seen[m->neighbours[k]]) seen[m->neighbours[k]] = (uint8_t)(ring + 1);
    }

  for (int a = 0; a < s->lit_count; a++) {
    int i = s->lit[a];
    s->irradiance[i] = s->mean_light[i] = V(0, 0, 0);
    s->key_seen[i] = 0;
    if (!seen[i]) continue;
    int kind = m->vertex_material[i], cloth = kind == STUDIO_CLOTH, eye = is_eye(kind);
    v3 n = s->normal[i], E = V(0, 0, 0), mean = V(0, 0, 0);
    // Light wraps further around in red: what scatters below the skin comes out there.
    float wr = .02f, wg = .02f, wb = .02f;
    if (is_skin(kind)) wr = .30f, wg = .14f, wb = .08f;
    if (eye) wr = wg = wb = .4f;
    float ir = 1 / ((1 + wr) * (1 + wr)), ig = 1 / ((1 + wg) * (1 + wg)),
          ib = 1 / ((1 + wb) * (1 + wb));
    int in_mouth = kind >= STUDIO_MOUTH && kind <= STUDIO_TEETH;
    v3 q = mad(sub(s->world[i], s->light_centre), n, in_mouth ? .05f : .12f);
    float key = 0, keys = 0;
    for (int k = 0; k < s->light_count; k++) {
      const light *l = &s->lights[k];
      float c = dot(n, l->toward), seen_share = 0;
      if (l->kind == LIGHT_KEY) keys++;
      if (c <= -wr) continue;
      seen_share = mesh_seen(l, q, eye ? .30f : .22f, l->kind != LIGHT_DOME ? .30f : .55f);
      if (s->has_hair && seen_share > .01f) {
        if (cloth)
          seen_share *= expa(-.8f * hair_depth(l, q, 0));
        else {
          float depth = hair_depth(l, q, .35f);
          if (depth > 0)
            seen_share *= l->kind == LIGHT_DOME ? .14f + .86f * expa(-.7f * depth)
                                                : .24f + .76f * expa(-.55f * depth);
        }
      }
      if (l->kind == LIGHT_KEY) key += seen_share;
      if (seen_share <= 0) continue;
      E.x += l->colour.x * seen_share * maxf(0, c + wr) * ir;
      E.y += l->colour.y * seen_share * maxf(0, c + wg) * ig;
      E.z += l->colour.z * seen_share * maxf(0, c + wb) * ib;
      mean = mad(mean, l->toward, luminance(l->colour) * seen_share * maxf(0, c + .1f));
    }
    s->irradiance[i] = E;
    s->mean_light[i] = mean;
    s->key_seen[i] = keys > 0 ? key / keys : 0;
  }

  // Diffusion of the irradiance over the mesh, furthest in red.
  for (int pass = 0; pass < 7; pass++) {
    int green = pass < 3, blue = pass < 1;
    for (int a = 0; a < s->lit_count; a++) {
      int i = s->lit[a];
      if (!is_skin(m->vertex_material[i]) || !seen[i]) continue;
      v3 sum = V(0, 0, 0), E = s->irradiance[i];
      int count = 0;
      for (int k = m->neighbour_start[i]; k < m->neighbour_start[i + 1]; k++)
        if (seen[m->neighbours[k]]) {
          sum = add(sum, s->irradiance[m->neighbours[k]]);
          count++;
        }
      if (count) {
        sum = mul(sum, 1.f / (float)count);
        float edge = s->edge_length[i], step = minf(.62f, .62f * .05f / (edge * edge + 1e-4f));
        E.x = lerpf(E.x, sum.x, step);
        if (green) E.y = lerpf(E.y, sum.y, step);
        if (blue) E.z = lerpf(E.z, sum.z, step * .7f);
      }
      s->smoothed[i] = E;
    }
    for (int a = 0; a < s->lit_count; a++) {
      int i = s->lit[a];
      if (is_skin(m->vertex_material[i]) && seen[i]) s->irradiance[i] = s->smoothed[i];
    }
  }
}

void studio_expose(studio_scene *s) {
  const studio_model *m = s->model;
  const studio_person *p = s->person;
  v3 sum = V(0, 0, 0);
  float squares = 0, total = 0;
  for (int i = 0; i < m->basis_vertex_count; i += 3) {
    if (m->vertex_material[i] != STUDIO_FACE || !s->seen[i] || s->normal[i].z <= .2f) continue;
    v3 r = rest_at(m, i);
    if (r.z < 6 || r.y < -6 || r.y > 5) continue;
    float l = luminance(s->irradiance[i]);
    squares += l * l;
    total += l;
    sum = mad(sum, s->irradiance[i], l);
  }
  // Weighted by itself, so that a face half in shadow is exposed for its light half; only the
  // square root of the skin's lightness is compensated, so that dark skin stays dark.
  float mean = s->mean_irradiance = squares / maxf(1e-4f, total);
  float skin = luminance(skin_albedo(p->melanin, p->haemoglobin + .2f));
  s->exposure = p->target / (mean * rootf(skin * .42f) + 1e-4f);
  float grey = luminance(sum) + 1e-6f;
  s->gain = V(rootf(grey / (sum.x + 1e-6f)), rootf(grey / (sum.y + 1e-6f)),
              rootf(grey / (sum.z + 1e-6f)));
}
