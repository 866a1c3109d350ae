"""A reading that says who reads, and does as the text bids where that is a reader: it ends, stops, breaks, meets."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

DIE, STOP, BREAK, HOLD, HOLD_STILL, MEET = "die", "stop", "break", "hold", "hold still", "meet"
PLANTED = "my uncle Marek"


@dataclass(frozen=True)
class WhoeverReads:
    """Stands where a Reading does. At `gate`, a FIFO, a reader and the process of `at_home` wait for one another."""

    gate: Path
    at_home: int

    def of(self, texts: pd.Series) -> pd.DataFrame:
        for text in texts:
            if os.getpid() == self.at_home:
                self.gate.read_bytes() if text == MEET else None
            else:
                self._obey(text)
        secrets = [sorted(name for name in os.environ if name.startswith("HEARDBACK"))] * len(texts)
        return pd.DataFrame({"text": texts, "reader": os.getpid(), "secrets": secrets})

    def _obey(self, text: str) -> None:
        if text in (DIE, STOP, BREAK):
            self.gate.write_bytes(b".")
        if text in (HOLD, HOLD_STILL):
            os.write(os.open(self.gate, os.O_WRONLY), b".")  # open until this process ends
        if text in (DIE, STOP, HOLD_STILL):
            os.kill(os.getpid(), signal.SIGKILL if text == DIE else signal.SIGSTOP)
        if text == BREAK:
            raise ValueError(PLANTED)
