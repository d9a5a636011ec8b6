// Tests of Latents.
