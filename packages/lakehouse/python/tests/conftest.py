import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

# Of a lake that other processes share: NAAP_TEST_LAKE is its `args.lake` as JSON, NAAP_TEST_TRINO `args.trino` of a Trino that
# has it. All its tables are dropped.
collect_ignore = [
    *([] if os.environ.get("NAAP_TEST_LAKE") else ["test_shared_lake.py"]),
    *([] if os.environ.get("NAAP_TEST_LAKE") and os.environ.get("NAAP_TEST_TRINO") else ["test_trino_build.py"]),
]
