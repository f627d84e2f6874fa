"""The entry point. ``--version`` answers before anything else is imported."""

import sys


def main() -> int:
    """Run the command line of this process and return its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from pushctl import __version__

        sys.stdout.write(f"pushctl {__version__}\n")
        return 0
    from pushctl.cli.process import Process
    from pushctl.cli.root import run

    return run(sys.argv[1:], Process.current())


if __name__ == "__main__":
    sys.exit(main())
