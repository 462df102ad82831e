"""The comparison of Tailrace with real peers: `python3 -m bench.compare` from the top of the tree."""

import pathlib
import sys

# The programs of bench/ are run as scripts and find their modules beside them.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
