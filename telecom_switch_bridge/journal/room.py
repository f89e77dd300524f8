"""Free space of the volume that the leg journal lies on: without it Asterisk drops records, and says nothing."""

import os
from enum import StrEnum
from pathlib import Path

from ..config import RoomSettings

PER_INODE_BYTES = 4096
"""Volumes that count inodes run out of them too: one left counts as so much room (bytes)."""


class Room(StrEnum):
    """`low`: a person has to act. `full`: nothing chargeable may start. `unknown`: the folder is not there."""

    OK = "ok"
    LOW = "low"
    FULL = "full"
    UNKNOWN = "unknown"


class JournalRoom:
    """`look` asks the kernel; `state` and `free_bytes` are what it said last."""

    def __init__(self, path: Path, settings: RoomSettings) -> None:
        self._folder = path.parent
        self._settings = settings
        self.state = Room.UNKNOWN
        self.free_bytes = 0

    @property
    def is_full(self) -> bool:
        """What starts now might never be charged."""
        return self.state is Room.FULL

    @property
    def may_lose_lines(self) -> bool:
        """Records may be missing: living channels have to be watched instead."""
        return self.state in (Room.LOW, Room.FULL)

    def look(self) -> bool:
        """Ask; whether the state is another one now."""
        before = self.state
        try:
            volume = os.statvfs(self._folder)
        except OSError:
            self.state = Room.UNKNOWN
            return self.state is not before
        self.free_bytes = volume.f_bavail * volume.f_frsize
        if volume.f_files:  # file systems without a fixed number of inodes say 0
            self.free_bytes = min(self.free_bytes, volume.f_favail * PER_INODE_BYTES)
        self.state = self._settled(self.free_bytes)
        return self.state is not before

    def _settled(self, free: int) -> Room:
        if free < self._settings.stop_bytes:
            return Room.FULL
        return Room.LOW if free < self._settings.low_bytes else Room.OK
