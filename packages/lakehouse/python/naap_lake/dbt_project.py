"""dbt in this process: the project of `dbt/`, parsed once, run on an engine."""

import gc
import hashlib
import json
import os
import pickle
from contextlib import suppress
from dataclasses import fields
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Callable

from naap_lake.engines import Engine

PROJECT = Path(__file__).resolve().parents[4] / "dbt"

SCRATCH = "build"
"""Schema of the models that one build makes for itself."""

# dbt makes a hundred thousand objects that stay: looking for garbage among them costs a tenth of a small build.
gc.set_threshold(100_000, 20, 20)


def load_dbt() -> None:
    """Imports dbt, which takes longer than anything else in a small build."""
    # It makes code for hundreds of classes while it is imported, and a build needs a few of them: made when they are used.
    import_module("mashumaro.config").BaseConfig.lazy_compilation = True
    import_module("dbt.cli.main")


_manifests: dict[str, Any] = {}
"""The parsed project, by what it was parsed from."""


class BuildError(Exception):
    """A model failed: which, and what the engine said."""


class DbtProject:
    """The project on one engine. Parsed, it is kept in memory and on disk until it changes."""

    def __init__(self, engine: Engine, folder: Path, progress: Callable[..., None]):
        """`folder`: where dbt's documents go (manifest.json and the like)."""
        self._engine = engine
        self._progress = progress
        # Where dbt keeps its own, for all homes; beside the documents where that can't be written.
        name = f"project.{engine.target}.pickle"
        self._caches = [PROJECT / "target" / name, folder / name]
        self._options = [
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target", engine.target),
            *("--target-path", str(folder), "--log-path", str(folder)),
            *("--log-level", "error", "--log-level-file", "error", "--quiet"),
        ]

    def run(self, *command: str) -> list[dict[str, Any]]:
        """Runs a command whose every node must succeed; answers name, ms and rows of each."""
        result = self._invoke(*command)
        broken = [node for node in result if node.status in ("error", "fail")]
        if broken:
            raise BuildError("; ".join(f"{node.node.name}: {node.message}" for node in broken))
        return [{"name": node.node.name, "ms": round(node.execution_time * 1000)} for node in result]

    def test(self, select: tuple[str, ...] = ()) -> dict[str, dict[str, str]]:
        """Runs data tests (of all models, or those selected); answers status (passed, failed, warned) and node by name."""
        statuses = {"pass": "passed", "warn": "warned"}
        selected = ["--select", *select] if select else []
        results = self._invoke("test", "--no-write-json", "--exclude-resource-type", "unit_test", *selected)
        return {
            result.node.name: {"status": statuses.get(result.status, "failed"), "node": result.node.attached_node}
            for result in results
        }

    def unit_test(self) -> dict[str, str]:
        """Result of each unit test by its name; its models must have been built, if only of nothing."""
        return {node.node.name: node.message or node.status for node in self._invoke("test", "--select", "test_type:unit")}

    def affected(self, name: str) -> list[str]:
        """Names of a model, of all that is made from it, and of the scratch models that these are made from.

        Raises BuildError, which names the models that there are.
        """
        models = {node.unique_id: node for node in self.manifest().nodes.values() if node.resource_type == "model"}
        kept = {node.name: id_ for id_, node in models.items() if node.schema != SCRATCH}
        if name not in kept:
            raise BuildError(f"There is no model {name!r}; there are {', '.join(sorted(kept))}")
        parents = {id_: set(node.depends_on.nodes) & models.keys() for id_, node in models.items()}
        found = {kept[name]}
        while children := {id_ for id_ in parents.keys() - found if parents[id_] & found}:
            found |= children
        while scratch := {p for id_ in found for p in parents[id_] - found if models[p].schema == SCRATCH}:
            found |= scratch
        return sorted(models[id_].name for id_ in found)

    def compile(self) -> Any:
        """The manifest with the SQL of a full build, which looks at no table. Opens no database."""
        self._invoke(
            *("compile", "--full-refresh", "--no-introspect", "--no-populate-cache", "--no-write-json"),
            *("--exclude", "resource_type:unit_test"),
        )
        return self.manifest()

    def close(self) -> None:
        """Lets the engine's tables go."""
        self._engine.close()

    def manifest(self) -> Any:
        """dbt's own cache of a parsed project takes a second to read; a pickle of it takes a tenth."""
        # Seeds are parsed with the folder that they are in: a checkout that was moved or copied is parsed anew.
        key = hashlib.sha256(f"{fingerprint(self._engine, ('*',))} {PROJECT}".encode()).hexdigest()
        if key not in _manifests:
            # A project that has changed is another: nobody asks for the one before.
            _manifests.clear()
            _manifests[key] = self._cached(key) or self._parse(key)
        return _manifests[key]

    def _arguments(self) -> list[str]:
        return [*self._options, "--vars", json.dumps(self._engine.settings)]

    def _invoke(self, *command: str) -> list[Any]:
        load_dbt()
        from dbt.cli.main import dbtRunner

        runner = dbtRunner(manifest=self.manifest(), callbacks=[self._report])
        result = runner.invoke([*command, *self._arguments()])
        if result.exception is not None:
            raise BuildError(str(result.exception))
        return list(result.result.results)

    def _cached(self, key: str) -> Any:
        from dbt.contracts.graph.manifest import Manifest

        for cache in self._caches:
            try:
                with open(cache, "rb") as file:
                    # Ours, in the checkout or in the home. Anything odd about it only costs a parse.
                    if file.read(len(key)) == key.encode():
                        return Manifest(**pickle.load(file))
            except Exception:
                continue
        return None

    def _parse(self, key: str) -> Any:
        from dbt.cli.main import dbtRunner

        parsed = dbtRunner().invoke(["parse", *self._arguments()])
        if not parsed.success:
            raise BuildError(f"dbt can't read the project: {parsed.exception}")
        # Not the object: dbt 1.11 mixes up its look-ups when it is pickled. They are made anew from these.
        content = {f.name: getattr(parsed.result, f.name) for f in fields(parsed.result) if not f.name.startswith("_")}
        for cache in self._caches:
            # Two processes may read the project at the same time.
            part = cache.with_suffix(f".{os.getpid()}.part")
            try:
                cache.parent.mkdir(parents=True, exist_ok=True)
                part.write_bytes(key.encode() + pickle.dumps(content))
                os.replace(part, cache)
                break
            except OSError:
                # Where nothing can be written, or not all of it, there is none to take away either.
                with suppress(OSError):
                    part.unlink()
        return parsed.result

    def _report(self, event: Any) -> None:
        if event.info.name == "NodeFinished":
            info = event.data.node_info
            done = f"{event.data.run_result.execution_time:.1f} s"
            if info.node_status not in ("success", "pass"):
                done = f"{info.node_status}, {done}: {event.data.run_result.message}"
            self._progress(message=f"{info.node_name} {done}", node=info.node_name, status=info.node_status)


def fingerprint(engine: Engine, suffixes: tuple[str, ...] = (".sql", ".csv")) -> str:
    """Hash of the dbt project and its engine. By default of what makes the numbers: another one makes gold anew."""
    digest = hashlib.sha256("".join([engine.target, *map(version, engine.packages)]).encode())
    for folder in ("models", "macros", "seeds", "tests"):
        for file in sorted((PROJECT / folder).rglob("*")):
            if file.is_file() and ("*" in suffixes or (file.suffix in suffixes and folder != "tests")):
                digest.update(file.relative_to(PROJECT).as_posix().encode())
                digest.update(file.read_bytes())
    for name in ("dbt_project.yml", "profiles.yml"):
        digest.update((PROJECT / name).read_bytes())
    return digest.hexdigest()
