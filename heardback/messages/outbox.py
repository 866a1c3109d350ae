"""A folder instead of Slack: every message as the exact payload that Slack would have got, in a file of its own."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from heardback.errors import SendFailed
from heardback.messages.message import Message, Receipt


@dataclass(frozen=True)
class FolderSender:
    """Writes `<nudge_uid>.json`. A message that stands there is not written twice; half a file is never seen."""

    folder: Path

    def send(self, message: Message, address: str) -> Receipt:
        """Write the payload. Raises SendFailed (worth trying again) where the folder cannot be written to."""
        path = self._path(message.nudge_uid)
        try:
            if not path.exists():
                self.folder.mkdir(parents=True, exist_ok=True)
                _write_whole(path, json.dumps(message.payload(address), ensure_ascii=False, indent=2) + "\n")
        except OSError as error:
            do = "free some space or correct the folder's permissions; it is tried again"
            raise SendFailed(
                f"the outbox cannot be written ({error.strerror})", where=str(self.folder), do=do
            ) from None
        return Receipt(str(self.folder), path.name)

    def find(self, address: str, nudge_uid: str) -> Receipt | None:  # noqa: ARG002  one folder for every address
        """The message with this key, or None."""
        path = self._path(nudge_uid)
        return Receipt(str(self.folder), path.name) if path.exists() else None

    def _path(self, nudge_uid: str) -> Path:
        return self.folder / f"{nudge_uid}.json"


def _write_whole(path: Path, text: str) -> None:
    """Under another name first and down to the disk: a kill leaves either nothing or everything."""
    draft = path.with_suffix(".part")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
