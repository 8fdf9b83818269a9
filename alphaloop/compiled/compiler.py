"""Runs in a process of its own, in the folder to build in: mypyc, and the C compiler after it.

python compiler.py FILE …   translates the files, which lie in that folder, into extensions in `made`.
"""

import os
import sys
from pathlib import Path

from mypyc.build import mypycify
from setuptools import setup

GROUP = "alphaloop"
# A product and a sum must be rounded one after the other, as the interpreter does: processors with a fused
# instruction would be given it otherwise, and a digit, an order, a digest would differ.  The second keeps
# a compiler that warns of more than mypyc knows from ending the build.
FLAGS = ("-ffp-contract=off", "-Wno-error")
CHECKED = """[mypy]
ignore_missing_imports = True
follow_imports = silent
[mypy-crosshair.*,docker.*,duckdb.*,hftbacktest.*,joblib.*,ray.*,z3.*]
follow_imports = skip
"""
"""How types are read.  That they are right is not asked here but by `make check`."""


def main(files: list[str]) -> None:
    """Build one extension that holds the code of all files, and one for each that finds its part there."""
    Path("mypy.ini").write_text(CHECKED, encoding="ascii")
    extensions = mypycify(
        ["--config-file", "mypy.ini", *files], opt_level="3", debug_level="0", group_name=GROUP
    )
    for extension in extensions:
        extension.extra_compile_args += FLAGS
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    # Nobody's own configuration: neither that of the user nor one of the folders above.
    arguments = [
        "--no-user-cfg",
        "build_ext",
        "--build-lib=made",
        "--build-temp=objects",
        f"--parallel={cores}",
    ]
    setup(name=GROUP, packages=[], ext_modules=extensions, script_args=arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
