"""`python -m schemas.generate [--release]`: write the generated files; with --release also freeze the schemas."""

import sys

from schemas.generate import outputs


def main(arguments: list[str]) -> int:
    """Write, say what changed, and return the exit code: 1 if a release would break somebody, 2 on usage."""
    if arguments not in ([], ["--release"]):
        sys.stderr.write("usage: python -m schemas.generate [--release]\n")
        return 2
    for path in outputs.write():
        sys.stdout.write(f"{path.relative_to(outputs.ROOT)} changed\n")
    if arguments:
        return _release()
    return 0


def _release() -> int:
    from schemas.generate.compatibility import incompatible  # needs a development dependency

    if problems := incompatible(outputs.released(), outputs.current()):
        sys.stderr.write(
            "Not released. Give the event a new version instead:\n  " + "\n  ".join(problems) + "\n"
        )
        return 1
    for path in outputs.release():
        sys.stdout.write(f"{path.relative_to(outputs.ROOT)} released\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
