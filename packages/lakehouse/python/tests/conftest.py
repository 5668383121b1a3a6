import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

# Of a lake that other processes share: NAAP_TEST_LAKE is its `args.lake` as JSON. Its bronze tables are dropped.
collect_ignore = [] if os.environ.get("NAAP_TEST_LAKE") else ["test_shared_lake.py"]
