"""`python -m wearsound`."""

import sys

from wearsound.cli import main

sys.exit(main())
