#!/bin/sh
# Sheets of a model file, made by mien itself: seeds at two truncations, strips of its directions, style mixing, a film.
#   sheets.sh MIEN MODEL.safetensors FOLDER
set -e
mien=$1 model=$2 out=$3
mkdir -p "$out"
"$mien" generate --model "$model" --seeds 0-63 --psi 0.7 --grid 8x8 -o "$out/seeds-0.7.png"
"$mien" generate --model "$model" --seeds 0-63 --psi 1 --grid 8x8 -o "$out/seeds-1.png"
"$mien" directions strip --model "$model" --seed 42 --psi 0.7 -o "$out/directions.png"
for layers in coarse middle fine; do
  "$mien" mix --model "$model" --rows 0-5 --cols 10-15 --layers $layers --psi 0.7 -o "$out/mix-$layers.png"
done
