#!/usr/bin/env python3
"""Writes Tests/MediaTests/Fixtures: small pictures by Pillow and sounds by Python's wave, and in media.json what these
libraries read back. Needs numpy and pillow.

usage: scripts/make-media-fixtures.py
"""
import json
import os
import struct
import wave

import numpy as np
from PIL import Image

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/MediaTests/Fixtures")


def pixels(height, width, channels):
    return np.random.default_rng(5).integers(0, 256, (height, width, channels), dtype=np.uint8)


def pictures():
    truth = {}
    rgb = Image.fromarray(pixels(9, 14, 3))
    files = {
        "rgb.png": (rgb, {}), "gray.png": (rgb.convert("L"), {}), "alpha.png": (Image.fromarray(pixels(9, 14, 4)), {}),
        "palette.png": (rgb.quantize(7), {}), "filtered.png": (rgb.resize((40, 30)), {"optimize": True}),
        "bits.png": (rgb.convert("1"), {}), "deep.png": (Image.fromarray(pixels(9, 14, 1)[:, :, 0].astype(np.uint16) * 257), {}),
        "baseline.jpg": (rgb, {"quality": 80}), "progressive.jpg": (rgb, {"progressive": True}),
        "still.gif": (rgb.quantize(7), {}), "lossy.webp": (rgb, {"quality": 70}), "lossless.webp": (rgb, {"lossless": True}),
        "alpha.webp": (Image.fromarray(pixels(9, 14, 4)), {"quality": 70}), "plain.bmp": (rgb, {}),
    }
    for name, (image, options) in files.items():
        path = os.path.join(FOLDER, name)
        image.save(path, **options)
        with Image.open(path) as back:
            truth[name] = {"width": back.width, "height": back.height}
            if name.endswith(".png") and name != "deep.png":
                truth[name]["rgba"] = np.asarray(back.convert("RGBA")).flatten().tolist()
    return truth


def sounds():
    truth = {}
    random = np.random.default_rng(6)
    for name, rate, channels, width in [("mono8.wav", 8000, 1, 1), ("stereo16.wav", 16000, 2, 2),
                                        ("mono24.wav", 44100, 1, 3), ("stereo32.wav", 48000, 2, 4)]:
        path = os.path.join(FOLDER, name)
        full = 2 ** (8 * width - 1)
        numbers = random.integers(-full, full, 40 * channels)
        with wave.open(path, "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(width)
            file.setframerate(rate)
            packed = b"".join((struct.pack("<B", int(n) + 128) if width == 1 else
                               struct.pack("<q", int(n))[:width]) for n in numbers)
            file.writeframes(packed)
        parts = (numbers / full).reshape(4, -1)
        with wave.open(path, "rb") as file:
            truth[name] = {"rate": file.getframerate(), "channels": file.getnchannels(), "frames": file.getnframes(),
                           "least": parts.min(1).tolist(), "greatest": parts.max(1).tolist()}
    return truth


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    with open(os.path.join(FOLDER, "media.json"), "w") as file:
        json.dump({"pictures": pictures(), "sounds": sounds()}, file, indent=0, separators=(",", ":"))
        file.write("\n")
