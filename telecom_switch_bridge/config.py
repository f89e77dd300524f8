"""Settings of the daemon: one frozen value, read from a TOML file once at start."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import SetupWrong

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class AmiSettings:
    """Asterisk's manager interface."""

    host: str
    port: int
    username: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AriSettings:
    """Asterisk's REST interface."""

    url: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GrantSettings:
    """Length of a grant and when it is extended (s); charging.md 10 has the defaults."""

    default_s: int = 120
    extend_below_s: int = 20


@dataclass(frozen=True, slots=True)
class RotationSettings:
    """When the leg journal is renamed (size) and its renamed files are deleted (age)."""

    rotate_bytes: int = 64 * MIB
    keep_days: int = 90


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """Free space of the journal's volume below which staff are warned, and below which nothing chargeable starts.

    A call writes about 1.5 kB: 64 MB are some 40,000 calls, time enough for those that run to end.
    """

    low_bytes: int = 512 * MIB
    stop_bytes: int = 64 * MIB


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between two bridges."""

    node: str
    dsn: str = field(repr=False)
    agi: Address
    ami: AmiSettings
    ari: AriSettings
    journal_path: Path
    rotation: RotationSettings
    room: RoomSettings
    metrics: Address
    grants: GrantSettings


def load_settings(path: Path) -> Settings:
    """Read and check the file; SetupWrong names the file and the key that is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SetupWrong(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupWrong(f"{path}: is not TOML: {error}") from error
    return _Reader(path, table).settings()


class _Reader:
    """Takes typed values out of the table and says which key is missing or wrong."""

    def __init__(self, path: Path, table: dict[str, Any]) -> None:
        self._path = path
        self._table = table

    def settings(self) -> Settings:
        return Settings(
            node=self._text("node"),
            dsn=self._text("dsn"),
            agi=self._address("agi"),
            ami=AmiSettings(
                self._text("ami.host"), self._port("ami.port"), self._text("ami.username"), self._text("ami.secret")
            ),
            ari=AriSettings(self._text("ari.url"), self._text("ari.username"), self._text("ari.password")),
            journal_path=Path(self._text("journal.path")),
            rotation=RotationSettings(
                self._whole("journal.rotate_mb", 64, "MB", 1, 4096) * MIB,
                self._whole("journal.keep_days", 90, "days", 1, 3650),
            ),
            room=self._room(),
            metrics=self._address("metrics"),
            grants=self._grants(),
        )

    def _address(self, section: str) -> Address:
        return Address(self._text(f"{section}.host"), self._port(f"{section}.port"))

    def _room(self) -> RoomSettings:
        low_mb = self._whole("journal.low_free_mb", 512, "MB", 2, 1_000_000)
        stop_mb = self._whole("journal.stop_free_mb", 64, "MB", 1, 1_000_000)
        if stop_mb >= low_mb:
            raise SetupWrong(f"{self._path}: journal.stop_free_mb must be less than journal.low_free_mb")
        return RoomSettings(low_mb * MIB, stop_mb * MIB)

    def _grants(self) -> GrantSettings:
        default = GrantSettings()
        settings = GrantSettings(
            self._whole("grants.default_s", default.default_s, "seconds", 1, 3600),
            self._whole("grants.extend_below_s", default.extend_below_s, "seconds", 1, 3600),
        )
        if settings.extend_below_s >= settings.default_s:
            raise SetupWrong(f"{self._path}: grants.extend_below_s must be less than grants.default_s")
        return settings

    def _whole(self, key: str, default: int, unit: str, lowest: int, highest: int) -> int:
        value = self._find(key)
        if value is None:
            return default
        if type(value) is not int or not lowest <= value <= highest:
            raise SetupWrong(
                f"{self._path}: {key} must be a whole number of {unit} from {lowest} to {highest}, not {value!r}"
            )
        return value

    def _text(self, key: str) -> str:
        value = self._find(key)
        if value is None:
            raise SetupWrong(f"{self._path}: {key} is missing")
        if not isinstance(value, str) or not value:
            raise SetupWrong(f"{self._path}: {key} must be a text that is not empty")
        return value

    def _port(self, key: str) -> int:
        value = self._find(key)
        if value is None:
            raise SetupWrong(f"{self._path}: {key} is missing")
        if type(value) is not int or not 0 <= value <= 65_535:
            raise SetupWrong(f"{self._path}: {key} must be a port number, not {value!r}")
        return value

    def _find(self, key: str) -> Any:
        section, _, name = key.rpartition(".")
        table = self._table.get(section, {}) if section else self._table
        return table.get(name) if isinstance(table, dict) else None
