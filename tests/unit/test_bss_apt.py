"""Reading the host's apt configuration in both of its formats."""

import pytest

from bss_cli import apt
from bss_cli.errors import BssError

DEB822 = """\
# a comment
Types: deb deb-src
URIs: http://mirror.invalid/debian
Suites: bookworm bookworm-updates
Components: main
 contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.invalid/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.invalid/debian
Suites: bookworm
Components: main

Types: deb-src
URIs: http://source.invalid/debian
Suites: bookworm
Components: main
"""
ONE_LINE = """\
# deb http://commented.invalid/debian bookworm main
deb-src http://source.invalid/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] https://mirror.invalid/debian/ bookworm main non-free # trailing
deb http://security.invalid/debian-security bookworm-security main
deb https://vendor.invalid/repo stable main
"""


def test_deb822_stanzas_that_serve_binaries_and_are_switched_on():
    found = apt.parse_deb822(DEB822)
    assert [source.uri for source in found] == ["http://mirror.invalid/debian", "http://mirror.invalid/debian-security"]
    assert found[0].suites == ("bookworm", "bookworm-updates")
    assert found[0].components == ("main", "contrib")
    assert found[0].keyring == "/usr/share/keyrings/debian-archive-keyring.gpg"


def test_one_line_sources_with_options_and_comments():
    found = apt.parse_one_line(ONE_LINE)
    assert [source.uri for source in found] == [
        "https://mirror.invalid/debian/",
        "http://security.invalid/debian-security",
        "https://vendor.invalid/repo",
    ]
    assert found[0] == apt.Source("https://mirror.invalid/debian/", ("bookworm",), ("main", "non-free"), "/k.gpg")


@pytest.mark.parametrize(
    ("name", "text"),
    [("sources.list", ONE_LINE), ("sources.list.d/x.list", ONE_LINE), ("sources.list.d/d.sources", DEB822)],
)
def test_the_mirror_of_the_main_archive_is_found_wherever_it_stands(tmp_path, name, text):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / name).write_text(text)
    assert apt.debian_mirror(apt.host_sources(tmp_path)).uri.endswith("mirror.invalid/debian")


def test_a_switched_off_file_is_not_read(tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / "d.sources.disabled").write_text(DEB822)
    with pytest.raises(BssError, match="names no mirror") as caught:
        apt.debian_mirror(apt.host_sources(tmp_path))
    assert "sources.list" in caught.value.remedy
