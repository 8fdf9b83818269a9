"""The environment in which every git process runs: nothing outside the repository may steer it."""

from pathlib import Path

CONFIG = {
    # Detection, not a hook, is what the desk rests on; a user's hooks belong to the user's own commits.
    "core.hooksPath": "/dev/null",
    # A local configuration can name a program here, which git would run on every status.
    "core.fsmonitor": "false",
    # A commit-graph file is read without checking it against the commits that it summarises.
    "core.commitGraph": "false",
    # Said for every question when a tag is named like a branch, into a pipe that nobody reads.
    "core.warnAmbiguousRefs": "false",
    # An acknowledged entry survives a power cut.
    "core.fsync": "committed,loose-object,reference",
    "core.fsyncMethod": "fsync",
    # In a partial clone an older git asks a server for what is missing; `sync` alone may reach one.
    "protocol.allow": "never",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "advice.graftFileDeprecated": "false",
    "init.defaultBranch": "main",
}


def environment(git_dir: Path, common_dir: Path) -> dict[str, str]:
    """Variables that pin the repository, switch replace objects off and shut out other configuration.

    Every variable that would redirect git is set, not only left out, because a program that is itself
    started by a git hook inherits them.
    """
    return {
        "GIT_DIR": str(git_dir),
        "GIT_COMMON_DIR": str(common_dir),
        "GIT_INDEX_FILE": str(git_dir / "index"),
        "GIT_OBJECT_DIRECTORY": str(common_dir / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
        "GIT_NAMESPACE": "",
        "GIT_GRAFT_FILE": "/dev/null",
        **isolation(),
    }


def isolation() -> dict[str, str]:
    """The part of the environment that names no repository, as `git init` needs it."""
    pairs = list(CONFIG.items())
    numbered = {f"GIT_CONFIG_KEY_{place}": key for place, (key, _) in enumerate(pairs)}
    numbered |= {f"GIT_CONFIG_VALUE_{place}": value for place, (_, value) in enumerate(pairs)}
    return {
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": "/dev/null",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_PARAMETERS": "",
        "GIT_CONFIG_COUNT": str(len(pairs)),
        **numbered,
        # A missing object is an answer, not a reason to ask a server for it.
        "GIT_NO_LAZY_FETCH": "1",
        # Looking must not write: `status` would refresh the index, and killed then it leaves its lock there.
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PAGER": "cat",
        "GIT_TRACE": "0",
        # The reflog asks for a name; who did something is told by signatures, never by the reflog.
        "GIT_COMMITTER_NAME": "alphaloop",
        "GIT_COMMITTER_EMAIL": "desk@alphaloop.invalid",
        "LC_ALL": "C",
    }
