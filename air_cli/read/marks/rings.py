"""Hollow markers filled, so that they are found as filled ones are."""

from __future__ import annotations

import cv2
import numpy as np

from air_cli.read.colors import Mask

_DISC = 0.85  # share of the disc around it that a round hole has


def close_rings(mask: Mask, round_to: float = 0.0) -> Mask:
    """Fill small holes: hollow markers; and round ones of up to `round_to` pixels across."""
    data = mask.astype(np.uint8)
    contours, tree = cv2.findContours(data, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return mask
    limit = (0.05 * max(mask.shape)) ** 2
    for contour, links in zip(contours, tree[0], strict=True):
        area = cv2.contourArea(contour)
        _, _, w, h = cv2.boundingRect(contour)
        if links[3] >= 0 and area >= 1 and max(w, h) <= 1.6 * min(w, h):
            disc = 0.25 * np.pi * max(w, h) ** 2
            if area < min(limit, 260) or (max(w, h) < round_to and area > _DISC * disc):
                cv2.drawContours(data, [contour], -1, 1, -1)
    return data > 0
