"""The command ``tongbao``, also as ``python -m tongbao``; an interrupt while it loads ends it without a traceback."""

import sys


def main() -> None:
    """Run the command."""
    try:
        from tongbao.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
