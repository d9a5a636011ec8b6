#pragma once
// Sums over pixels that the backward passes of an epilogue make, one set for each thread.

#include "gradients.h"

/// Zeros, [threads][2 + rgb_channels][channels]: of the style's gradient, of demodulation's times
/// demodulation, of each toRGB weight's. NULL without memory; free it.
double *mien_epilogue_sums(const mien_epilogue_gradient *e);

/// Adds up the threads' sums and writes the three gradients.
void mien_epilogue_collect(const mien_epilogue_gradient *e, double *sums);
