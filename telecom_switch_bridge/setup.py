"""Package list of the bridge: this folder is the package, every folder below with an `__init__.py` a sub-package."""

from setuptools import find_packages, setup

NAME = "telecom_switch_bridge"

setup(
    packages=[NAME, *(f"{NAME}.{package}" for package in find_packages("."))],
    package_dir={NAME: "."},
    package_data={NAME: ["py.typed", "store/queries/*.sql"]},
)
