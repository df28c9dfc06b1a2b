"""The command line where ``sipas`` is not on the path: ``python -m sipas section-a --demo``."""

from sipas.cli import main

if __name__ == "__main__":
    main(prog_name="python -m sipas")
