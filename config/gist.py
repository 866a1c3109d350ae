"""screening_gist.npz: for each word a place among words used alike, and how a comment's mean place is read."""

import zlib
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

NAME = "screening_gist.npz"
STEPS = 127  # of a unit's furthest place either way, so that one byte holds a place

Places = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Gist:
    """Words × units of places, and what is made of the mean of a comment's words: `out · max(mean + bias, 0) + even`.

    `shares` are what the weight of the words, this one, and 1 count in the sum of both (`domain.likeness`).
    """

    words: tuple[str, ...]
    places: Places = field(repr=False)
    bias: Places = field(repr=False)
    out: Places = field(repr=False)
    even: float
    shares: tuple[float, float, float]


def pack_gist(gist: Gist) -> bytes:
    """The file: places as bytes, everything else as it is. The same gist gives the same bytes."""
    furthest = np.abs(gist.places).max(axis=0)
    scale = (np.where(furthest > 0, furthest, 1) / STEPS).astype(np.float32)
    held = BytesIO()
    np.savez_compressed(
        held,
        words=np.frombuffer("\n".join(gist.words).encode(), dtype=np.uint8),
        places=np.rint(gist.places / scale).astype(np.int8),
        scale=scale,
        bias=gist.bias,
        out=gist.out,
        numbers=np.array([gist.even, *gist.shares], dtype=np.float64),
    )
    return held.getvalue()


def read_gist(path: Path) -> tuple[Gist, str]:
    """The gist and its digest (20 ms). Raises OSError where there is no file, ValueError where it holds no gist."""
    content = path.read_bytes()
    try:
        return _unpacked(content), digest_of(content)
    except (BadZipFile, EOFError, KeyError, zlib.error) as broken:
        raise ValueError("not a gist, or not the whole of one") from broken


def _unpacked(content: bytes) -> Gist:
    with np.load(BytesIO(content), allow_pickle=False) as held:
        words = tuple(held["words"].tobytes().decode().split("\n"))
        places = held["places"].astype(np.float32) * held["scale"]
        even, *shares = held["numbers"].tolist()
        gist = Gist(words, places, held["bias"], held["out"], even, (shares[0], shares[1], shares[2]))
    if not len(words) == len(gist.places) or not gist.places.shape[1:] == gist.bias.shape == gist.out.shape:
        raise ValueError("its parts do not belong together")
    return gist


def digest_of(content: bytes) -> str:
    """Eight letters and figures by which a file is known."""
    return sha256(content).hexdigest()[:8]
