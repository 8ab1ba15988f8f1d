"""``python -m web``: the command line, where the ``fazhi`` script is not on the path."""

from web.cli import main

main()
