"""Put the packages of an image into a folder; what the Dockerfile runs, with the base's own Python.

image_packages.py sandbox|release TARGET, beside requirements.lock.  With PACKAGES=folder in the environment
they come from the folder of that name beside this file, else from the package index, checked by the lock.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "requirements.lock"
SANDBOX = {"numpy", "pytest", "iniconfig", "packaging", "pluggy", "pygments"}


def main(image: str, target: Path) -> None:
    """Install what the image needs; raises CalledProcessError with pip's own words."""
    if os.environ["PACKAGES"] == "folder":
        shutil.copytree(HERE / image, target)
        return
    with tempfile.TemporaryDirectory() as folder:
        {"sandbox": sandbox, "release": release}[image](Path(folder), target)


def sandbox(folder: Path, target: Path) -> None:
    """Install the few that a worker needs; pip refuses when they need one that is not named."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", LOCK.read_text(encoding="utf-8"))
    lines = [block for block in blocks if re.split(r"[=\[;]", block)[0].strip().lower() in SANDBOX]
    (folder / "lock").write_text("".join(lines), encoding="utf-8")
    pip("install", "--target", str(target), *checked(folder / "lock"))


def release(folder: Path, target: Path) -> None:
    """Install the program and all that it needs, from files that were checked."""
    pip("download", "--dest", str(folder), *checked(LOCK))
    from_files = ("install", "--no-index", "--find-links", str(folder))
    pip(*from_files, "hatchling")
    pip(*from_files, "--no-build-isolation", "--target", str(target), str(HERE))


def checked(lock: Path) -> tuple[str, ...]:
    """What makes pip take exactly what a lock names."""
    return ("--require-hashes", "--only-binary", ":all:", "--requirement", str(lock))


def pip(*arguments: str) -> None:
    """Run the base's pip."""
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
