"""Build the sandbox's image without a network, from the Python that runs this, and print its id.

The base is this very interpreter with its standard library and the shared libraries that they need; the
packages are those that are installed here.  The Dockerfile is the one that everybody builds with.
"""

import io
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator, Mapping
from importlib.metadata import PackagePath, distribution
from pathlib import Path
from types import MappingProxyType

import docker

REPOSITORY = Path(__file__).resolve().parents[1]
CONTEXT = ("Dockerfile", "requirements.lock", "tools/image_packages.py", "alphaloop")
PACKAGES = ("numpy", "pytest", "iniconfig", "packaging", "pluggy", "pygments")
LEFT_OUT = {
    "__pycache__",
    "ensurepip",
    "idlelib",
    "site-packages",
    "test",
    "tkinter",
    "turtledemo",
    "lib2to3",
    "pydoc_data",
}
COMMAND = "/usr/local/bin/python3"
BASE = "alphaloop-base:running-python"
PATIENCE_S = 300


def built() -> str:
    """The id of the image, sha256:…, from the engine that DOCKER_HOST names, or the usual one."""
    engine = docker.from_env(timeout=PATIENCE_S).api
    try:
        _import_base(engine)
        said = engine.build(
            fileobj=_context(),
            custom_context=True,
            target="sandbox",
            network_mode="none",
            buildargs={"BASE": BASE, "PACKAGES": "folder"},
            rm=True,
            forcerm=True,
            decode=True,
        )
        told = "".join(str(line.get("stream") or line.get("error") or "") for line in said)
        made = re.findall("Successfully built ([0-9a-f]{12})", told)
        if not made:
            raise SystemExit(f"the image could not be built: {told[-2000:]}")
        return str(engine.inspect_image(made[-1])["Id"])
    finally:
        engine.close()


def removed(image: str) -> None:
    """Remove what `built` made from an engine that others use too."""
    engine = docker.from_env(timeout=PATIENCE_S).api
    try:
        for name in (image, BASE):
            engine.remove_image(name, force=True)
    finally:
        engine.close()


def _import_base(engine: docker.APIClient) -> None:
    """Give the engine an image with nothing but the running Python."""
    program = Path(sys.executable).resolve()
    named = {str(path): path for path in _of_python(program)}
    repository, tag = BASE.split(":")
    path = "ENV PATH=/usr/local/bin:/usr/bin:/bin"
    engine.import_image_from_data(
        _packed(named, {COMMAND: str(program)}).getvalue(), repository, tag, changes=path
    )


def _of_python(program: Path) -> set[Path]:
    """The interpreter, its standard library, and every shared library that either loads."""
    library = Path(sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix}))
    found = {program}
    for folder, folders, files in os.walk(library):
        folders[:] = [name for name in folders if name not in LEFT_OUT and not name.startswith("config-")]
        found |= {Path(folder, name) for name in files if not name.endswith((".a", ".exe"))}
    extensions = [path for path in found if path.suffix == ".so"]
    foreign = [Path(str(file.locate())) for file in _installed("numpy") if file.suffix == ".so"]
    return found | set(_loaded_by([program, *extensions, *foreign]))


def _loaded_by(programs: list[Path]) -> Iterator[Path]:
    said = subprocess.run(
        ["ldd", *map(str, programs)], capture_output=True, text=True, timeout=60, check=False
    )
    for path in map(Path, re.findall(r"(?m)(?:=> |^\s+)(/\S+) \(0x", said.stdout)):
        # What a package brings along comes with the package.
        if "site-packages" not in path.parts:
            yield path


def _context() -> io.BytesIO:
    """What the Dockerfile copies, with the packages as they are installed here."""
    named = {}
    for name in CONTEXT:
        place = REPOSITORY / name
        for path in place.rglob("*.py") if place.is_dir() else [place]:
            named[str(path.relative_to(REPOSITORY))] = path
    for name in PACKAGES:
        for file in _installed(name):
            named[f"build/packages/sandbox/{file}"] = Path(str(file.locate()))
    return _packed(named)


def _installed(name: str) -> Iterator[PackagePath]:
    """The files of a distribution that a program may load: no commands, caches, tests of its own."""
    for file in distribution(name).files or ():
        if not {"..", "__pycache__", "tests", "f2py"} & set(file.parts):
            yield file


def _packed(named: dict[str, Path], links: Mapping[str, str] = MappingProxyType({})) -> io.BytesIO:
    """A tar of files under new names, all root's and all readable, and of links to names in it."""
    heap = io.BytesIO()
    folders = {str(parent) for name in (*named, *links) for parent in Path(name).parents} - {"/", "."}
    with tarfile.open(fileobj=heap, mode="w", dereference=True) as tar:
        for name in sorted(folders):
            place = tarfile.TarInfo(name)
            place.type, place.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(place)
        for name, path in sorted(named.items()):
            tar.add(path, name, recursive=False, filter=_readable)
        for name, target in links.items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            tar.addfile(link)
    heap.seek(0)
    return heap


def _readable(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = member.mode & 0o111 | 0o644
    return member


if __name__ == "__main__":
    sys.stdout.write(f"{built()}\n")
