"""One cell of a comparison in a process of its own: `python -m skilladapt.cell CONFIG OUT [FLAG]`.

With `--probes` or `--prepare` only what cells share is done: the skill graph and the probes, or everything up to
and with the textbook round. A cell whose directory another process still holds, because a comparison was killed
and begun again, waits for it.
"""

import sys
import time
from pathlib import Path

from skilladapt import pipeline
from skilladapt.config import load_saved_config
from skilladapt.errors import RunError, UserError
from skilladapt.progress import harmless
from skilladapt.store import Busy

WAIT_S = 1.0


def main() -> int:
    """Runs the cell; returns the exit status, which is that of `skilladapt run`."""
    config_file, out, *flags = sys.argv[1:]
    while True:
        try:
            config = load_saved_config(Path(config_file))
            work = {"--probes": pipeline.set_apart, "--prepare": pipeline.prepare}
            next((work[flag] for flag in flags), pipeline.run)(config, Path(out))
        except Busy:
            time.sleep(WAIT_S)
        except UserError as error:
            print(*map(harmless, error.mistakes), sep="\n", file=sys.stderr)
            return 2
        except RunError as error:
            print(harmless(str(error)), file=sys.stderr)
            return 1
        else:
            return 0


if __name__ == "__main__":
    sys.exit(main())
