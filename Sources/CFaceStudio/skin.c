#include "surface.h"

enum {
  MASK_LIPS, MASK_BLUSH, MASK_EAR, MASK_UNDER_EYE, MASK_LID, MASK_MOUSTACHE, MASK_JAW, MASK_CHIN,
  MASK_SIDEBURN, MASK_NECK, MASK_OILY, MASK_NOSTRIL,
};

/// Gradients of the chart's coordinates over a triangle in the world, made when first needed.
STUDIO_INLINE void chart_gradients(studio_scene *s, const sample *q) {
  int t = q->triangle;
  if (s->gradient_stamp[t] == s->stamp) return;
  s->gradient_stamp[t] = s->stamp;
  const float *uv = s->model->uv;
  v3 e1 = sub(s->world[q->v[1]], s->world[q->v[0]]), e2 = sub(s->world[q->v[2]], s->world[q->v[0]]);
  float a = dot(e1, e1), b = dot(e1, e2), d = dot(e2, e2), det = 1 / (a * d - b * b + 1e-12f);
  for (int k = 0; k < 2; k++) {
    float f1 = uv[2 * q->v[1] + k] - uv[2 * q->v[0] + k], f2 = uv[2 * q->v[2] + k] - uv[2 * q->v[0] + k];
    v3 g = add(mul(e1, (f1 * d - f2 * b) * det), mul(e2, (f2 * a - f1 * b) * det));
    (k ? s->gradient_v : s->gradient_u)[t] = g;
  }
}

/// Spots in cells of a third of a centimetre, on cheeks and nose.
STUDIO_INLINE float freckles(const studio_person *p, v3 r, float blush) {
  float dense = p->freckle * sat(blush * 1.3f + .35f * sstep(-3.f, 1.f, r.y) * sstep(5, 8, r.z));
  if (dense <= .02f) return 0;
  v3 q = mul(r, 3.f);
  int X = floori(q.x), Y = floori(q.y), Z = floori(q.z);
  float sum = 0;
  for (int dz = -1; dz <= 1; dz++)
    for (int dy = -1; dy <= 1; dy++)
      for (int dx = -1; dx <= 1; dx++) {
        uint32_t h = hash_cell(X + dx, Y + dy, Z + dz, p->seed + 21);
        if (hash01(h) > dense * .55f) continue;
        float fx = (float)(X + dx) + hash01(h + 1) - q.x, fy = (float)(Y + dy) + hash01(h + 2) - q.y,
              fz = (float)(Z + dz) + hash01(h + 3) - q.z;
        float radius = .05f + .13f * hash01(h + 4);
        sum += (.4f + .6f * hash01(h + 5)) * expa(-(fx * fx + fy * fy + fz * fz) / radius);
      }
  return .55f * minf(sum, 1.3f) * (.5f + .5f * p->freckle);
}

/// How dark the skin under a brow is.
STUDIO_INLINE float brow_shade(const studio_scene *s, v3 r) {
  const studio_model *m = s->model;
  float x = absf(r.x);
  if (x < .6f || x > 6.2f || r.z < 4 || r.y < 3.6f || r.y > 8.f) return 0;
  float t = (x - 1.05f) / 4.8f, at = sat(t) * (STUDIO_BROW_STEPS - 1.01f);
  int i = (int)at;
  float f = at - (float)i;
  float line = lerpf(m->brow_line[i], m->brow_line[i + 1], f);
  float half = maxf(.05f, lerpf(m->brow_half[i], m->brow_half[i + 1], f));
  float off = studio_brow_offset(s->person, t, (r.y - line) / half);
  return expa(-off * off * .9f) * studio_brow_ends(s->person, t) * sstep(.6f, 1.0f, x);
}

STUDIO_INLINE v3 skin(studio_scene *s, const sample *q) {
  const studio_model *m = s->model;
  const studio_person *p = s->person;
  int face = q->material == STUDIO_FACE, side = m->mask_size;
  static const uint8_t no_masks[STUDIO_MASKS];
  const uint8_t *mask = no_masks;
  v3 n = q->normal, r = q->rest;
  v3 glossy = n;
  float relief = 0;
  if (face) {
    float u = mix_of(m->uv, 2, 0, q), v = mix_of(m->uv, 2, 1, q), edge = (float)side - 3.f;
    int tu = (int)clampf(u * (float)side, 1, edge), tv = (int)clampf(v * (float)side, 1, edge);
    mask = m->masks + STUDIO_MASKS * (int64_t)(tv * side + tu);
    const int8_t *w = m->wrinkles + STUDIO_WRINKLES * (int64_t)(tv * side + tu);
    int row = STUDIO_WRINKLES * side;
    chart_gradients(s, q);
    float du = 0, dv = 0;
    for (int k = 0; k < STUDIO_WRINKLES; k++) {
      float a = p->wrinkle[k];
      du += a * (float)(w[k + STUDIO_WRINKLES] - w[k - STUDIO_WRINKLES]);
      dv += a * (float)(w[k + row] - w[k - row]);
      relief += a * (float)w[k];
    }
    relief *= 1 / 64.f;
    float scale = (float)side * .5f / 64.f;
    v3 gu = s->gradient_u[q->triangle], gv = s->gradient_v[q->triangle];
    v3 g = add(mul(gu, du * scale), mul(gv, dv * scale));
    float steep = length(g);
    if (steep > 1.2f) g = mul(g, 1.2f / steep);
    n = norm(sub(n, g));
    if (p->pores > 0) {
      const float *pore = s->pores + 2 * (((int)(v * 2048) & 255) * PORES + ((int)(u * 2048) & 255));
      float a = p->pores * 6.5f;
      n = norm(sub(n, add(mul(norm(gu), pore[0] * a), mul(norm(gv), pore[1] * a))));
    }
  }
  // A film of oil levels pores and wrinkles; without that dark skin, where gloss is most of what is
  // seen, sparkles.
  float level = .35f + .4f * sat(p->melanin * .4f);
  glossy = norm(add(mul(n, 1 - level), mul(glossy, level)));
#define MASK(k) ((float)mask[k] * (1 / 255.f))
  float lips = MASK(MASK_LIPS), blush = MASK(MASK_BLUSH), lid = MASK(MASK_LID), oily = MASK(MASK_OILY),
        nostril = MASK(MASK_NOSTRIL), under_eye = MASK(MASK_UNDER_EYE) * p->under_eye;

  // Chromophores.
  float patchy = mix1(s->noise_melanin, q), flush = mix1(s->noise_blood, q), mel = p->melanin;
  float M = mel + .15f * patchy * rootf(mel) * (mel < 1 ? rootf(mel) : 1);
  float H = p->haemoglobin * (1 + .42f * flush);
  M += under_eye * .34f * (.6f + .4f * mel) + .05f * lid * (1 + mel) - .06f * oily * mel * .4f;
  H += under_eye * .22f + blush * p->blush + MASK(MASK_EAR) * p->ear_red + .14f * lid;
  H += lips * p->lip_blood * (1 + .25f * flush);
  M += lips * p->lip_melanin;
  H += nostril * .9f;
  M += nostril * 1.6f;
  if (p->freckle > .01f && face) M += freckles(p, r, blush);
  if (p->sunspots > .01f) {
    float spot = value_noise(mul(r, 1.7f), p->seed + 31) * .7f + value_noise(mul(r, 4.f), p->seed + 32) * .5f;
    M += p->sunspots * sstep(.35f, .75f, spot) * .5f;
  }
  v3 albedo = skin_albedo(M, H);

  // Stubble, the shadow under a beard and under brows.
  static const int region[5] = {MASK_MOUSTACHE, MASK_CHIN, MASK_JAW, MASK_SIDEBURN, MASK_NECK};
  static const float shaved[5] = {1, 1, 1, .8f, .55f};
  float beard = 0, fullest = 0;
  for (int k = 0; k < 5; k++) {
    beard = maxf(beard, MASK(region[k]) * maxf(p->beard[k], p->stubble * shaved[k]));
    fullest = maxf(fullest, p->beard[k]);
  }
  if (beard > .01f) {
    beard *= maxf(p->stubble * .75f, fullest * (.35f + .25f * sat(p->beard_length)));
    beard = sat(beard * (1 + .25f * flush)) * .75f;
    v3 dark = lerp3(mul(colour(p->beard_colour), 1.3f), had(albedo, V(.52f, .56f, .62f)), .55f);
    albedo = lerp3(albedo, dark, beard);
  }
  if (face) {
    float brow = brow_shade(s, r) * p->brow_density * .26f;
    if (brow > .01f) albedo = lerp3(albedo, colour(p->brow), brow * p->brow_alpha);
  }
  if (p->lipstick > 0 && lips > 0)
    albedo = lerp3(albedo, mul(colour(p->lipstick_colour), .9f + .1f * flush), sat(lips * 1.05f) * p->lipstick);
  if (p->eye_shadow > 0 && lid > 0) albedo = lerp3(albedo, colour(p->shadow_colour), lid * p->eye_shadow);

  // The scalp is darker where hair grows.
  int front = r.y < 7.8f && r.z > 6.8f, cheek = r.y < 4 && r.z > 4.5f;
  int about_ear = r.y < 2.2f && r.z > -1.4f && r.z < 1.7f;
  if (p->scalp_tint > 0 && !front && !cheek && !about_ear && r.y > -6.5f) {
    float ear = mix_of(m->lid, 3, 0, q), inside = hairline_at(p, r, azimuth_of(r));
    if (ear < .5f && inside > -1) {
      float ragged = inside + .15f * value_noise(mul(r, 1.3f), p->seed);
      float bare = sat(maxf(p->recess - .6f, p->crown * .3f));
      float cover = sstep(.3f, 2.2f + p->hairline_softness + 1.5f * bare, ragged);
      albedo = lerp3(albedo, mul(colour(p->hair), .55f), cover * p->scalp_tint * (1 - ear * 2));
    }
  }
  // Lid margins are dark: without that the eyes look pasted in.
  float upper = mix_of(m->lid, 3, 1, q), lower = mix_of(m->lid, 3, 2, q);
  if (upper > .02f || lower > .02f) {
    float dark = sat(upper * (.38f + .6f * p->liner) + lower * (.14f + .5f * p->liner * p->liner));
    albedo = lerp3(albedo, V(.012f, .009f, .008f), dark);
    albedo.x += .02f * lower;
  }

  // Diffuse: irradiance of the smooth surface, bent by the relief, darkened in creases; less in
  // red, as creases glow like blood rather than like dirt.
  v3 toward = norm(mix3(s->mean_light, q)), E = q->irradiance;
  float bent = (maxf(0, dot(n, toward)) + .25f) / (maxf(0, dot(q->normal, toward)) + .25f);
  float cavity = mix1(s->cavity, q), open = cavity > 0 ? expa(-cavity * 2.6f) : 1;
  if (relief < 0) open *= 1 + .22f * maxf(relief, -2.f);
  open *= 1 - .75f * nostril;
  v3 lit = mul(E, bent);
  lit.x *= open < 1 ? rootf(open) * (.6f + .4f * open) : open;
  lit.y *= open;
  lit.z *= open * lerpf(1, open, .3f);
  v3 out = had(albedo, lit);

  // Specular: two lobes from the key, one from the rim, a faint mirror of the surroundings.
  float seen = mix1(s->key_seen, q) * open, nl = maxf(0, dot(glossy, s->key_toward));
  float gloss = p->oil * (.55f + .75f * oily + lips * (.3f + 1.3f * p->lip_gloss)) * (1 - .5f * beard);
  float sharp = lerpf(60, 9, p->rough), broad = sharp * .22f;
  if (seen * nl > 1e-4f) {
    v3 half = norm(add(s->key_toward, q->view));
    float nh = maxf(0, dot(glossy, half)), fresnel = .028f + .972f * pow5(1 - maxf(0, dot(q->view, half)));
    float wet = lips > .3f ? lerpf(sharp, 70, lips * .6f) : sharp;
    float lobe = .55f * (wet + 8) / 8 * powa(nh, wet) + .45f * (broad + 8) / 8 * powa(nh, broad);
    out = mad(out, colour(p->key), seen * nl * fresnel * gloss * lobe * 1.15f);
  }
  v3 rim = colour(p->rim);
  if (luminance(rim) > .01f) {
    v3 half = norm(add(s->rim_toward, q->view));
    float fresnel = .028f + .972f * pow5(1 - maxf(0, dot(q->view, half)));
    float c = maxf(0, dot(glossy, half));
    c *= c;
    c *= c;
    c *= c;
    out = mad(out, rim, maxf(0, dot(glossy, s->rim_toward)) * fresnel * gloss * 1.2f * c);
  }
  float facing = sat(dot(glossy, q->view)), graze = (.022f + .17f * pow5(1 - facing)) * gloss * .9f;
  float bright = sat(luminance(E) / (s->mean_irradiance + 1e-4f)) * open;
  return mad(out, environment(s, mirrored(glossy, q->view)), graze * bright);
}
#undef MASK

STUDIO_SIMD v3 studio_skin(studio_scene *s, const sample *q) { return skin(s, q); }
