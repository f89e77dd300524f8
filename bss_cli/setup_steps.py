"""The steps of `./bss up` that install things: host packages, Odoo, Python environment, Asterisk."""

import os
import shutil
import sys
from pathlib import Path

from . import apt, privilege
from .console import say
from .errors import BssError
from .files import tree_hash
from .paths import Layout
from .shell import output_of, run_logged
from .steps import Step, fresh_folder, swap_in

SYSTEM_PYTHON = Path("/usr/bin/python3")
PYTHON_RANGE = ((3, 11), (3, 13))  # numpy's pin wants 3.11, Odoo 19 accepts up to 3.13
DEBOOTSTRAP_SCRIPT = Path("/usr/share/debootstrap/scripts/sid")  # an old debootstrap lacks the new code names
ODOO_SUITE, ASTERISK_SUITE = "unstable", "testing"
RECIPE = "1"  # raise it when a build below changes what it makes


def host_step(layout: Layout, *, with_tests: bool) -> Step:
    """Debian packages of the host and the service user; prints what it will do before it does it."""
    names = apt.HOST_PACKAGES + (apt.TEST_PACKAGES if with_tests else ())

    def build() -> dict[str, str]:
        install_host_packages(layout, apt.missing_packages(names))
        make_service_user(layout)
        return {"postgresql": output_of([postgres_bin() / "postgres", "--version"]).split()[2]}

    def present() -> bool:
        return not apt.missing_packages(names) and not _user_wanted()

    return Step("host-test" if with_tests else "host", "Debian packages of the host",
                lambda: " ".join((RECIPE, *names)), present, build)  # fmt: skip


def _user_wanted() -> bool:
    return os.geteuid() == 0 and not privilege.user_exists(privilege.service_user_name())


def host_plan(with_tests: bool) -> list[str]:
    """What will be done as root, as commands; empty when nothing has to be."""
    missing = apt.missing_packages(apt.HOST_PACKAGES + (apt.TEST_PACKAGES if with_tests else ()))
    plan = []
    if missing:
        plan.append("apt-get update")
        plan.append(f"apt-get install --no-install-recommends {' '.join(missing)}")
    if _user_wanted():
        plan.append(f"useradd --system --no-create-home --shell /usr/sbin/nologin {privilege.SERVICE_USER}")
    return plan


def install_host_packages(layout: Layout, missing: list[str]) -> None:
    """Install Debian packages; PostgreSQL's package is kept from starting a cluster of its own."""
    if not missing:
        return
    log = layout.log / "setup.log"
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    root = _root_prefix()
    fence = "postgresql" in missing and not apt.NO_CLUSTER.exists()
    if fence:
        write = f"mkdir -p {apt.NO_CLUSTER.parent} && echo 'create_main_cluster = false' > {apt.NO_CLUSTER}"
        run_logged([*root, "sh", "-c", write], log)
    try:
        run_logged([*root, "apt-get", "-q", "update"], log, env=environment)
        command = ["apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0", "install", "--no-install-recommends", *missing]
        run_logged([*root, "env", "DEBIAN_FRONTEND=noninteractive", *command], log)
    finally:
        if fence:
            run_logged([*root, "rm", "-f", apt.NO_CLUSTER], log)


def make_service_user(layout: Layout) -> None:
    if _user_wanted():
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", privilege.SERVICE_USER]
        run_logged(command, layout.log / "setup.log")


def _root_prefix() -> list[str]:
    return [] if os.geteuid() == 0 else privilege.sudo()


def postgres_bin() -> Path:
    """The folder of the newest PostgreSQL server programs of the host.

    Raises BssError when there are none.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise BssError("PostgreSQL's server programs are not installed.", "run `./bss up`")
    return found[-1].parent


def odoo_step(layout: Layout) -> Step:
    """Odoo 19 from Debian's packages, unpacked into the runtime folder."""

    def build() -> dict[str, str]:
        lists = apt.PrivateLists(layout, apt.debian_mirror(apt.host_sources()), ODOO_SUITE)
        lists.update()
        debs = lists.download(apt.ODOO_PACKAGES, fresh_folder(layout.build / "odoo-debs"))
        tree = fresh_folder(layout.build / "odoo")
        for deb in debs:
            run_logged(["dpkg-deb", "-x", deb, tree], layout.log / "setup.log")
        if not (tree / "usr/lib/python3/dist-packages/odoo/release.py").is_file():
            raise BssError("Debian's odoo-19 has no odoo/release.py any more.", "report it: its layout changed")
        version = lists.candidate("odoo-19")
        swap_in(tree, layout.odoo)
        shutil.rmtree(layout.build / "odoo-debs")
        return {"odoo": version}

    return Step("odoo", "Odoo 19 (Debian packages, 133 MB)", lambda: " ".join((RECIPE, ODOO_SUITE, *apt.ODOO_PACKAGES)),
                (layout.odoo_packages / "odoo" / "release.py").is_file, build)  # fmt: skip


def python_for_venv() -> Path:
    """The interpreter of the environment: Debian's, which every user can run; else the one we run under.

    Raises BssError when neither has a version that Odoo and the pinned packages accept.
    """
    low, high = PYTHON_RANGE
    for candidate in (SYSTEM_PYTHON, Path(sys.executable)):
        shown = output_of([candidate, "-c", "import sys; print(*sys.version_info[:2])"])
        if shown and low <= tuple(int(part) for part in shown.split()) <= high:
            return candidate
    raise BssError(
        f"No suitable Python: neither {SYSTEM_PYTHON} nor {sys.executable} is 3.{low[1]} to 3.{high[1]}.",
        "install Debian 12's python3 (3.11) and run it again",
    )


def venv_step(layout: Layout) -> Step:
    """The Python environment with pinned packages, our own package and Odoo.

    A virtual environment cannot be renamed, so it is made in its place; until its marker is there it counts as absent,
    and what pip has already installed is not fetched again.
    """
    requirements = [layout.repo / "requirements.txt", layout.repo / "requirements-test.txt"]
    package = layout.repo / "telecom_switch_bridge"

    def inputs() -> str:
        build_files = tree_hash(*requirements, package / "pyproject.toml", package / "setup.py")
        return " ".join((RECIPE, str(python_for_venv()), build_files, str(layout.odoo_packages)))

    def build() -> dict[str, str]:
        log = layout.log / "setup.log"
        python = python_for_venv()
        if output_of([layout.python, "-c", "import sys; print(sys.base_prefix)"]) != _base_prefix(python):
            shutil.rmtree(layout.venv, ignore_errors=True)
        run_logged([python, "-m", "venv", layout.venv], log)
        pip: list[str | Path] = [layout.python, "-m", "pip", "--disable-pip-version-check", "install", "-q"]
        run_logged([*pip, "wheel", "setuptools"], log, cwd=layout.repo)
        files = [part for file in requirements for part in ("-r", file)]
        run_logged([*pip, *files], log, cwd=layout.repo)
        _link_odoo(layout)
        run_logged([layout.python, "-m", "pip", "check"], log)
        return {"python": output_of([layout.python, "-V"]).split()[-1]}

    return Step("python", "Python environment", inputs, layout.python.is_file, build)


def _base_prefix(python: Path) -> str:
    return output_of([python, "-c", "import sys; print(sys.base_prefix)"])


def _link_odoo(layout: Layout) -> None:
    """One .pth line makes the unpacked Odoo importable and known to pip."""
    site = output_of([layout.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    (Path(site) / "odoo_debian.pth").write_text(f"{layout.odoo_packages}\n")


def proxy_step(layout: Layout) -> Step:
    """nginx of the host's own Debian, unpacked into the runtime folder; the host gets no service."""

    def build() -> dict[str, str]:
        lists = apt.PrivateLists(layout, apt.debian_mirror(apt.host_sources()), apt.host_codename())
        lists.update()
        debs = lists.download(apt.PROXY_PACKAGES, fresh_folder(layout.build / "nginx-debs"))
        tree = fresh_folder(layout.build / "nginx")
        for deb in debs:
            run_logged(["dpkg-deb", "-x", deb, tree], layout.log / "setup.log")
        if not (tree / "usr/sbin/nginx").is_file():
            raise BssError("Debian's nginx has no usr/sbin/nginx any more.", "report it: its layout changed")
        run_logged([tree / "usr/sbin/nginx", "-v"], layout.log / "setup.log")
        swap_in(tree, layout.proxy_packages)
        shutil.rmtree(layout.build / "nginx-debs")
        return {"nginx": lists.candidate("nginx")}

    return Step("proxy", "Reverse proxy (nginx)", lambda: " ".join((RECIPE, apt.host_codename(), *apt.PROXY_PACKAGES)),
                (layout.proxy_packages / "usr/sbin/nginx").is_file, build)  # fmt: skip


def asterisk_step(layout: Layout) -> Step:
    """Asterisk 22 from Debian testing in a private root file system; nodes' folders outlive a rebuild."""

    def build() -> dict[str, str]:
        mirror = apt.debian_mirror(apt.host_sources())
        lists = apt.PrivateLists(layout, mirror, ASTERISK_SUITE)
        lists.update()
        codename = lists.codename()
        if not codename:
            raise BssError("The mirror says no code name for Debian testing.", "run it again later")
        version = lists.candidate("asterisk")
        if not version.removeprefix("1:").startswith("22."):
            raise BssError(f"Debian testing offers Asterisk '{version}', not 22.", "report it: the recipe must follow")
        _debootstrap(layout, codename, mirror)
        return {"asterisk": version}

    return Step("asterisk", "Asterisk 22 (private root file system, 530 MB)",
                lambda: " ".join((RECIPE, ASTERISK_SUITE, *apt.ASTERISK_PACKAGES)),
                (layout.asterisk_root / "usr/sbin/asterisk").is_file, build)  # fmt: skip


def _debootstrap(layout: Layout, codename: str, mirror: apt.Source) -> None:
    log, target = layout.log / "setup.log", layout.build / "asterisk-root"
    root = _root_prefix()
    if target.exists():
        run_logged([*root, "rm", "-rf", "--one-file-system", target], log)
    target.parent.mkdir(parents=True, exist_ok=True)
    keyring = [f"--keyring={mirror.keyring}"] if mirror.keyring else []
    include = f"--include={','.join(apt.ASTERISK_PACKAGES)}"
    command: list[str | Path] = [
        "debootstrap",
        "--variant=minbase",
        *keyring,
        include,
        codename,
        target,
        mirror.uri,
        DEBOOTSTRAP_SCRIPT,
    ]
    run_logged([*root, *command], log)
    final = layout.asterisk_root
    final.parent.mkdir(parents=True, exist_ok=True)
    script = (
        'set -e; mkdir -p "$1/srv/bss"; chown "$3" "$1/srv/bss"; '
        'echo "127.0.0.1 localhost $(hostname)" > "$1/etc/hosts"; '
        'rm -rf "$1/var/cache/apt" "$1/var/lib/apt/lists"; '
        'if [ -d "$2" ]; then rm -rf "$1/srv/bss"; mv "$2/srv/bss" "$1/srv/bss"; mv "$2" "$2.old"; fi; '
        'mv "$1" "$2"; rm -rf --one-file-system "$2.old"'
    )
    owner = privilege.service_user_name() if os.geteuid() == 0 else str(os.getuid())
    run_logged([*root, "sh", "-c", script, "sh", target, final, owner], log)


def announce(layout: Layout, *, with_tests: bool) -> None:
    """Print what needs root and what will be fetched, before anything is done."""
    plan = host_plan(with_tests)
    if plan:
        say("As root" + ("" if os.geteuid() == 0 else " (sudo)") + ", on this host:")
        for command in plan:
            say(f"    {command}")
    if not (layout.asterisk_root / "usr/sbin/asterisk").is_file():
        say(f"As root, into {layout.shown(layout.asterisk_root)}: debootstrap of Debian testing with Asterisk 22")


def install_steps(layout: Layout, *, with_tests: bool = False) -> list[Step]:
    """All installing steps in order."""
    host = host_step(layout, with_tests=with_tests)
    return [host, odoo_step(layout), venv_step(layout), asterisk_step(layout), proxy_step(layout)]
