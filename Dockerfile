# Two images from one base: `sandbox`, in which untrusted strategies run, and `release`, which is the program.
#
#   docker build --target sandbox .
#   docker build --target release .
#
# BASE is any image with Python 3.11 to 3.13 as `python3`.  PACKAGES=index installs what requirements.lock pins
# by hash; PACKAGES=folder takes build/packages/sandbox or build/packages/release, where `pip install --target`
# has put the same for the base's Python, and needs no network at all (docs/sandbox.md).

ARG BASE=docker.io/library/python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

FROM ${BASE} AS sandbox-packages
ARG PACKAGES=index
# The folder may be missing; a pattern that matches nothing copies nothing.
COPY tools/image_packages.py requirements.lock build/package[s] /build/
RUN ["python3", "/build/image_packages.py", "sandbox", "/packages"]

# Nothing but what a worker loads: the parent refuses an image whose sandbox is another than its own.
FROM ${BASE} AS sandbox
COPY --from=sandbox-packages /packages /opt/alphaloop
COPY alphaloop/__init__.py alphaloop/contract.py alphaloop/errors.py /opt/alphaloop/alphaloop/
COPY alphaloop/compiled /opt/alphaloop/alphaloop/compiled
COPY alphaloop/sandbox /opt/alphaloop/alphaloop/sandbox
ENV PYTHONPATH=/opt/alphaloop
# A container is read-only: what is loaded now is compiled now, and not again at each start.
RUN ["python3", "-c", "import pytest; from alphaloop.sandbox.docker import arrival; \
     from alphaloop.sandbox.inside import contained, contained_tests, preload; \
     preload.preload(); pytest.main(['--version'])"]
USER 65532:65532
ENTRYPOINT ["python3", "-m", "alphaloop.sandbox.docker.arrival"]

FROM ${BASE} AS release-packages
ARG PACKAGES=index
COPY tools/image_packages.py pyproject.toml requirements.lock README.md LICENSE roles.yaml build/package[s] /build/
COPY agents /build/agents
COPY strategy_template /build/strategy_template
COPY alphaloop /build/alphaloop
RUN ["python3", "/build/image_packages.py", "release", "/packages"]

FROM ${BASE} AS release
# A base that has git needs no network for this.
RUN ["python3", "-c", "import shutil, subprocess; shutil.which('git') or [subprocess.run(['apt-get', *each], check=True) \
     for each in (['update'], ['install', '--yes', '--no-install-recommends', 'git'], ['clean'])]"]
COPY --from=release-packages /packages /opt/alphaloop
ENV PYTHONPATH=/opt/alphaloop
USER 65532:65532
ENTRYPOINT ["python3", "-c", "from alphaloop.doors.cli import main; main()"]
