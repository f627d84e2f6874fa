"""The entry point. ``--version`` answers before anything else is imported."""

import gc
import sys


def main() -> int:
    """Run the command line of this process and return its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from pushctl import __version__

        if sys.stdout is not None:  # what Python makes of ">&-"
            sys.stdout.write(f"pushctl {__version__}\n")
        return 0
    # Imports make objects by the ten thousand and hardly any garbage, and by default Python looks for some every 700.
    gc.set_threshold(50_000)
    try:
        from pushctl.cli.process import Process
        from pushctl.cli.root import run

        code = run(sys.argv[1:], Process.current())
    except KeyboardInterrupt:  # before there is anything to report, or once more while it is reported
        return 130
    gc.freeze()  # nor is it looked for among everything that there is, just before all memory is given back
    return code


if __name__ == "__main__":
    sys.exit(main())
