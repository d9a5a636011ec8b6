#include "surface.h"

/// A thin dark line where |x| is near 0.
STUDIO_INLINE float seam(float x, float width) { return 1 - sstep(width * .4f, width, absf(x)); }

/// Details that make a garment: bands, plackets, buttons, lapels, cords. Changes the albedo, and
/// returns how much light reaches it.
STUDIO_INLINE float tailor(const studio_person *p, v3 r, float edge, v3 *albedo) {
  float ax = absf(r.x), front = sstep(-1.f, 1.f, r.z);
  float around = azimuth_of(V(r.x, 0, r.z + 2.5f)) * .0174533f;  // radians from the front
  float shade = 1;
  switch (p->cloth) {
    case 0:
    case 1:
    case 5: {  // a ribbed band along the neckline
      float band = p->cloth == 5 ? .9f : 1.7f, in_band = 1 - sstep(band - .05f, band + .05f, edge);
      shade *= 1 - .30f * seam(edge - band, .16f);
      shade *= 1 - in_band * .10f * (.5f + .5f * sina(around * 110.f));
      *albedo = lerp3(*albedo, mul(*albedo, .86f), in_band);
      break;
    }
    case 2: {  // a shirt: collar leaf, placket, buttons
      float leaf = 2.9f + .5f * front * sstep(5.f, 2.f, ax);
      shade *= 1 - .45f * seam(edge - leaf, .22f);
      shade *= 1 - .22f * (1 - sstep(leaf, leaf + .8f, edge)) * (edge > leaf);
      shade *= 1 - .12f * seam(edge - leaf + .45f, .08f);
      if (edge > leaf && front > .5f) {
        shade *= 1 - .35f * seam(ax - 1.35f, .12f);
        float b = (r.y + 40.f) / 3.6f, at = (b - (float)floori(b) - .5f) * 3.6f;
        float from = rootf(r.x * r.x + at * at);
        *albedo = lerp3(*albedo, V(.62f, .60f, .55f), .8f * (1 - sstep(.30f, .36f, from)));
        shade *= 1 - .5f * seam(from - .40f, .10f);
      }
      break;
    }
    case 3: {  // a knitted roll neck, folded over
      float fold = 2.7f;
      shade *= 1 - .14f * (.5f + .5f * sina(around * 62.f)) * (1 - sstep(3.f, 7.f, edge));
      shade *= 1 - .35f * (1 - sstep(fold, fold + .9f, edge)) * (edge > fold);
      shade *= 1 - .30f * seam(edge - fold, .2f);
      break;
    }
    case 4: {  // a hood with cords
      shade *= 1 - .30f * seam(edge - 3.4f, .25f);
      shade *= 1 - .25f * sstep(-.2f, .5f, value_noise(V(r.x * .5f, edge * .45f, r.z * .4f), p->seed + 55)) *
                       (1 - sstep(2.f, 5.f, edge));
      float sway = .25f * sina(r.y * .5f), cord = absf(ax - 2.0f - sway);
      if (front > .5f && edge > .6f && edge < 11.f) {
        *albedo = lerp3(*albedo, V(.62f, .60f, .57f), .85f * (1 - sstep(.16f, .24f, cord)));
        shade *= 1 - .35f * seam(cord - .34f, .16f);
      }
      break;
    }
    default: {  // a suit: shirt and tie between the lapels
      float lapel = ax - (4.6f + (r.y + 12) * .42f), opening = sstep(-.04f, .04f, -lapel);
      v3 jacket = *albedo, shirt = colour(p->cloth_second);
      if (r.z > -1.5f && lapel < 0 && edge < 14) {
        *albedo = shirt;
        shade *= 1 - .30f * seam(edge - 2.3f, .2f);
        float knot = sstep(-14.6f, -15.6f, r.y);
        float half = lerpf(1.05f, .62f + .06f * (-r.y - 15), knot);
        if (ax < half && r.z > 0) {
          float stripe = sstep(-.1f, .1f, sina((r.x + r.y) * 3.6f));
          v3 silk = mul(jacket, 1.5f);
          silk = V(silk.x + .05f, silk.y * .8f, silk.z * .9f + .01f);
          *albedo = lerp3(silk, mul(silk, 1.9f), p->pattern == 1 || p->pattern == 3 ? stripe * .7f : 0);
          shade *= .75f + .25f * sstep(half, half * .5f, ax);
          shade *= 1 - .4f * seam(r.y + 15.1f, .3f);
        } else {
          shade *= 1 - .4f * seam(ax - half - .08f, .16f) * (r.z > 0);
        }
      } else {
        if (edge < 3.f && r.z < 3) *albedo = lerp3(shirt, jacket, sstep(1.6f, 1.9f, edge));
        shade *= .72f + .28f * sstep(0, .7f, lapel);
        // The lapel's outer edge, with its notch.
        float notch = r.y > -17.2f && r.y < -16.3f ? .9f : 0;
        shade *= 1 - .40f * seam(lapel - 3.0f + notch + .18f * (r.y + 17), .22f) * (r.z > -1 && edge > 2);
      }
      (void)opening;
      break;
    }
  }
  return shade;
}

STUDIO_INLINE v3 cloth(studio_scene *s, const sample *q) {
  const studio_person *p = s->person;
  v3 r = q->rest, albedo = colour(p->cloth_colour), second = colour(p->cloth_second);
  float edge = maxf(0, collar_at(p, r));
  if (p->cloth != 6) {
    if (p->pattern == 1) {
      albedo = lerp3(albedo, second, sstep(-.2f, .2f, sina(r.y * 3.3f)));
    } else if (p->pattern == 2) {
      float a = sstep(.3f, .5f, sina(r.x * 2.2f)), b = sstep(.3f, .5f, sina(r.y * 2.2f));
      albedo = lerp3(albedo, second, .45f * a + .45f * b);
    } else if (p->pattern == 3) {
      float blotch = value_noise(mul(r, .9f), p->seed + 51) + .5f * value_noise(mul(r, 2.f), p->seed + 52);
      albedo = lerp3(albedo, second, sstep(.1f, .3f, blotch));
    }
  }
  float shade = tailor(p, r, edge, &albedo);
  albedo = mul(albedo, 1 + .10f * value_noise(mul(r, 7.f), p->seed + 53));
  float facing = dot(q->normal, q->view);
  if (facing < -.02f) albedo = mul(albedo, .22f);  // the inside of a collar
  float graze = sat(1 - absf(facing)), rise = sstep(0.f, .28f, edge);
  // Soft folds, and the fuzz that brightens a fabric's outline.
  float fold = value_noise(V(r.x * .8f + r.y * .15f, r.y * .30f, r.z * .3f), p->seed + 54);
  shade *= 1 + .09f * fold * sstep(2.f, 5.f, edge);
  return mul(had(albedo, q->irradiance), (.55f + .45f * rise) * shade * (1 + .35f * graze * graze * graze));
}

STUDIO_SIMD v3 studio_cloth(studio_scene *s, const sample *q) { return cloth(s, q); }
