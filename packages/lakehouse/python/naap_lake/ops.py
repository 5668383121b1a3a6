"""What the worker can do. Heavy modules are imported when their op is first called: `commit` never loads dbt."""

from importlib import import_module
from pathlib import Path
from typing import Any, Callable

Progress = Callable[..., None]
Op = Callable[[dict[str, Any], Progress], dict[str, Any]]


class BadRequest(ValueError):
    """A request that the caller must write differently."""


def home_of(args: dict[str, Any]) -> Path:
    """The absolute path of `args.home`."""
    if not isinstance(args.get("home"), str) or not args["home"]:
        raise BadRequest("args.home must be the path of a NAAP_HOME")
    return Path(args["home"]).resolve()


def text_of(given: Any, name: str, where: str) -> str:
    """A text of an object that must be there. The error does not repeat it: it may be a secret."""
    if not isinstance(given, dict):
        raise BadRequest(f"{where} must be an object")
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{where}.{name} must be a text that is not empty")
    return value


def _lazy(module: str, function: str) -> Op:
    def call(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        return getattr(import_module(f"naap_lake.{module}"), function)(args, progress)

    return call


REPLAY_OPS = ("replay_begin", "replay_next", "replay_stage", "replay_apply", "replay_done")
OPS: dict[str, Op] = {
    "commit": _lazy("commit", "commit"),
    "maintain": _lazy("maintain", "maintain"),
    "maintain_warehouse": _lazy("maintain_warehouse", "maintain_warehouse"),
    "describe": _lazy("describe", "describe"),
    "tables": _lazy("table_drift", "tables"),
    "coordinates": _lazy("coordinates", "coordinates"),
    "build": _lazy("build", "build"),
    "build_record": _lazy("build", "build_record"),
    "project": _lazy("project", "project"),
    "export": _lazy("gold_export", "export"),
    **{name: _lazy("replay", name) for name in REPLAY_OPS},
}
