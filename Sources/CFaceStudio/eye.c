#include "surface.h"

/// Pixels of the eye above or below a sample, until something else is seen.
STUDIO_INLINE int run_of_eye(const studio_scene *s, const sample *q, int step, int most) {
  int n = 0, y = q->y + step, k = q->pixel + step * s->side;
  while (n < most && y >= 0 && y < s->side) {
    int t = s->triangle[k];
    if (t < 0 || !is_eye(s->model->material[t])) break;
    n++, y += step, k += step * s->side;
  }
  return n;
}

STUDIO_INLINE v3 eye(studio_scene *s, const sample *q) {
  const studio_person *p = s->person;
  int e = q->material - STUDIO_EYE_LEFT;
  v3 centre = s->eye_centre[e], gaze = s->gaze[e], d = norm(sub(q->position, centre));
  float forward = dot(d, gaze);
  // Distance from the axis of gaze, cm on the ball.
  float rho = forward < 0 ? 2 : rootf(maxf(0, 1 - forward * forward)) * s->model->eye_radius;
  float radius = .60f * p->iris_size, place = rho / radius;
  float per_cm = s->pixels_per_cm;
  float above = ((float)run_of_eye(s, q, -1, 30) + .5f) / per_cm;
  float below = ((float)run_of_eye(s, q, 1, 20) + .5f) / per_cm;
  // Lids and lashes shade the ball.
  float open = lerpf(.34f, 1, sstep(0, .55f, above)) * lerpf(.72f, 1, sstep(0, .22f, below));

  v3 off = sub(d, mul(gaze, forward));
  v3 right = V(s->head.r[0].x, s->head.r[0].y, s->head.r[0].z), up = s->head.r[1];
  float ax = dot(off, right), ay = dot(off, up), l = rootf(ax * ax + ay * ay + 1e-12f);
  float cx = ax / l, cy = ay / l, which = (float)e;
  float cloudy = value_noise(V(ax * 3.f, ay * 3.f, which * 9.f), p->seed + 41);
  v3 white = mul(V(.60f, .565f, .54f), p->sclera_light);
  float red = p->sclera_red * (.35f + .65f * sstep(.8f, 1.45f, rho)) * (1 + .5f * cloudy);
  white.y *= 1 - .22f * red;
  white.z *= 1 - .24f * red;

  v3 iris = colour(p->iris);
  float fibres = .5f + .5f * value_noise(V(cx * 9, cy * 9, rho * 3.5f + which * 7), p->seed + 43);
  float finer = value_noise(V(cx * 22, cy * 22, rho * 5.f), p->seed + 44);
  iris = mul(iris, .55f + .75f * fibres + .22f * finer);
  iris = mul(iris, 1 + .5f * (1 - sstep(.35f, .75f, place)));
  iris = mul(iris, 1 - .72f * sstep(.74f, .98f, place));
  float pupil = .34f * p->pupil;
  iris = mul(iris, sstep(pupil, pupil + .10f, place) * .985f + .015f);
  // The cornea throws light on the side away from the key.
  v3 key = sub(s->key_toward, mul(gaze, dot(s->key_toward, gaze)));
  float caustic = -dot(norm(off), norm(key)) * sstep(.05f, .5f, length(key));
  iris = mul(iris, 1 + .55f * caustic * place);

  float outside = sstep(radius * .93f, radius * 1.09f, rho);
  v3 albedo = lerp3(iris, white, outside);
  float limbus = 1 - .22f * (1 - sstep(radius * 1.05f, radius * 1.35f, rho)) * outside;
  v3 out = mul(had(albedo, q->irradiance), open * limbus * .95f);

  // The wet surface mirrors the surroundings; within the iris the cornea bulges.
  v3 cornea = norm(sub(q->position, mad(centre, gaze, .86f)));
  float bulge = 1 - sstep(radius * 1.02f, radius * 1.25f, rho);
  v3 n = norm(lerp3(d, cornea, bulge * .85f)), mirror = mirrored(n, q->view);
  float fresnel = .026f + .5f * pow5(1 - sat(dot(n, q->view)));
  v3 around = environment(s, mirror), with_key = environment_with_key(s, mirror, .04f);
  float seen = sat(mix1(s->key_seen, q) * 1.3f) * sstep(.02f, .16f, above);
  v3 light = add(mul(around, .8f * open), mul(sub(with_key, around), seen));
  light = V(minf(light.x, 40), minf(light.y, 40), minf(light.z, 40));
  out = mad(out, light, fresnel * lerpf(.55f, 1.f, bulge));
  // Tears along the lower lid.
  if (below < .06f) out = mad(out, add(colour(p->key), environment(s, V(0, .5f, .8f))), .05f);
  return out;
}

STUDIO_SIMD v3 studio_eye(studio_scene *s, const sample *q) { return eye(s, q); }
