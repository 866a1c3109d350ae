"""Codes by which a child may have it deleted what they said: stored as a keyed hash, looked up by the same."""

from hashlib import sha256
from hmac import new as hmac

import pandas as pd

from heardback.errors import PullRefused

VARIABLE = "HEARDBACK_SECRET_CODE_KEY"
LEAST_CHARACTERS = 6  # a shorter one is somebody else's too
LEAST_KEY = 32
NEW_KEY = 'python -c "import secrets; print(secrets.token_hex(32))"'


def hashed_codes(codes: pd.Series, source_id: str, key: str) -> pd.Series:
    """The codes of a source's responses (index kept) as they are stored; '' where there is none, or one too short.

    The source goes into the hash, so that one code looks different in two of them. A code is short, so its hash alone
    could be guessed: the key, which is in no database and no backup of one, is what keeps it. Raises PullRefused where
    there are codes and no key.
    """
    plain = codes.fillna("").map(_plain)
    if (plain != "").any():
        check_code_key(key)
    return plain.map(lambda code: code_hash(code, source_id, key) if len(code) >= LEAST_CHARACTERS else "")


def code_hash(code: str, source_id: str, key: str) -> str:
    """What one code is stored as; capitals, spaces and hyphens make no difference."""
    return hmac(key.encode(), f"{source_id}\x1f{_plain(code)}".encode(), sha256).hexdigest()


def check_code_key(key: str) -> None:
    """Raise PullRefused where the key is missing, or so short that it could be guessed itself."""
    if len(key) < LEAST_KEY:
        what = "the key that codes of deletion are hashed with is " + ("too short" if key else "not set")
        raise PullRefused(what, where=VARIABLE, do=f"make one and keep it: {NEW_KEY}")


def _plain(code: str) -> str:
    return "".join(character for character in code.casefold() if character.isalnum())
