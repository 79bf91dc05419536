"""``python -m tongbao`` is the same command as ``tongbao``."""

from tongbao.cli import main

if __name__ == "__main__":
    main()
