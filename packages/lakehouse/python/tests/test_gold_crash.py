"""A build that is killed is done again, and nothing of it shows."""

import multiprocessing
import random
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from gold_harness import Gold, build_op, differences, reference, same_tables, scenarios
from generate import RECEIVED_AT_MS, generate_rounds

NETWORK = scenarios(range(100, 120), 80) + generate_rounds(0, 40)
SEEDS, MODELS = 4, 40

# Builds of their own processes, which need not import dbt each.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["dbt.cli.main"])


def build_and_tell(home: Path, done: Connection) -> None:
    build_op(home, lambda node, **_: done.send(node))


def build(home: Path, die_after: int | None = None) -> None:
    """Builds; with `die_after` is killed while it works on what comes after so many nodes."""
    told, done = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=build_and_tell, args=(home, done))
    process.start()
    done.close()
    if die_after is not None:
        for _ in range(die_after):
            told.recv()
        process.kill()
    try:
        while True:
            told.recv()
    except EOFError:
        process.join()
    assert process.exitcode == (0 if die_after is None else -signal.SIGKILL)


def test_killed_builds_leave_what_one_that_lived_makes(tmp_path):
    seed = random.getrandbits(32)
    print("seed", seed)
    dice = random.Random(seed)
    messages = dice.sample(NETWORK, len(NETWORK))
    half = len(messages) // 2
    gold = Gold(tmp_path)

    gold.add(messages[:half], RECEIVED_AT_MS)
    build(gold.home, die_after=SEEDS + dice.randrange(MODELS))
    assert gold.warehouse.full_build_marker.exists()
    build(gold.home)
    assert not gold.warehouse.full_build_marker.exists()
    assert differences(gold, reference(messages[:half], RECEIVED_AT_MS)) == []

    # The second death comes sooner than the first, so that a later build knows less of what it must mend.
    arrivals = [messages[half:-30], messages[-30:]]
    for nodes, arrived in zip(sorted(dice.sample(range(MODELS), 2), reverse=True), arrivals):
        gold.add(arrived, RECEIVED_AT_MS)
        build(gold.home, die_after=nodes)
    build(gold.home)
    assert differences(gold, reference(messages, RECEIVED_AT_MS)) == []
    after_deaths = gold.tables()
    gold.build(full=True)
    assert same_tables(after_deaths, gold.tables()) == []
