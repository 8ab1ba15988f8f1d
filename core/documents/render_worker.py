"""Sets one document in a process of its own: bounded in time and memory, without environment, network or files.

Reads a JSON object from standard input and writes the PDF to standard output. Only this file and typst are loaded:
it is run by its path, so that nothing of the platform is in the process that handles people's texts.
"""

import base64
import json
import resource
import sys

SECONDS = 20
MEMORY = 3 << 30


def main() -> None:
    """Render what standard input asks for."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    import typst

    asked = json.load(sys.stdin)
    files = {"main.typ": asked["layout"].encode()}
    files |= {name: base64.b64decode(content) for name, content in asked["files"].items()}
    options = {"font_paths": asked["fonts"], "ignore_system_fonts": True, "sys_inputs": {"data": asked["data"]}}
    sys.stdout.buffer.write(typst.compile(files, **options))


if __name__ == "__main__":
    main()
