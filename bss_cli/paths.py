"""Where everything lies: the repository (never written to by services) and the runtime folder `.bss`."""

import os
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Layout:
    """Paths of one installation; `home` is the runtime folder."""

    repo: Path
    home: Path

    @classmethod
    def find(cls) -> "Layout":
        """Take the runtime folder from BSS_HOME, else `.bss` in the repository."""
        home = os.environ.get("BSS_HOME")
        return cls(REPO, Path(home).expanduser().resolve() if home else REPO / ".bss")

    @property
    def config(self) -> Path:
        return self.home / "config.json"

    @property
    def secrets(self) -> Path:
        return self.home / "secrets.json"

    @property
    def state(self) -> Path:
        """Markers of finished steps."""
        return self.home / "state"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def build(self) -> Path:
        """Half-made things; whatever lies here was interrupted and may be deleted."""
        return self.home / "build"

    @property
    def venv(self) -> Path:
        return self.home / "venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def odoo(self) -> Path:
        return self.home / "odoo"

    @property
    def odoo_packages(self) -> Path:
        """The folder that holds `odoo/` and `odoo-19.0.egg-info`."""
        return self.odoo / "usr" / "lib" / "python3" / "dist-packages"

    @property
    def odoo_data(self) -> Path:
        """Filestore and sessions."""
        return self.home / "odoo-data"

    @property
    def proxy_packages(self) -> Path:
        """nginx, unpacked; its configuration and certificates lie in `proxy`."""
        return self.home / "nginx"

    @property
    def asterisk_root(self) -> Path:
        return self.home / "asterisk" / "root"

    def node_dir(self, node: str) -> Path:
        """Folder of an Asterisk node, seen from outside the private root."""
        return self.asterisk_root / "srv" / "bss" / node

    def bridge_toml(self, node: str) -> Path:
        return self.home / "nodes" / node / "bridge.toml"

    @property
    def demo_credentials(self) -> Path:
        return self.home / "demo_credentials.json"

    @property
    def test(self) -> Path:
        return self.home / "test"

    @property
    def addons(self) -> Path:
        return self.repo / "addons"

    def shown(self, path: Path) -> str:
        """A path as a person types it: relative to the current folder where that is shorter."""
        relative = os.path.relpath(path)
        return relative if len(relative) < len(str(path)) else str(path)
