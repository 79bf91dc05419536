"""Check the bulletins of a project, of its _site, or of a published copy: python -m tongbao_verify FOLDER."""

import sys

from tongbao_verify.checker import main

sys.exit(main())
