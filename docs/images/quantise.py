#!/usr/bin/python3
"""quantise.py PICTURE...: rewrites PNG files with a palette of 256 colours."""
import sys

from PIL import Image

for path in sys.argv[1:]:
    Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
