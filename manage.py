#!/usr/bin/env python
"""Django's command line for the register."""

import os
import sys

if __name__ == "__main__":
    if sys.argv[1:2] in (["run"], ["demo"], ["provision"]):  # these make what the settings need
        from config import demo_note
        from register import launch

        sys.exit(launch.main(sys.argv[1:], demo_note.shown))
    if sys.argv[1:2] == ["bench"]:  # it has a home of its own
        from config import bench

        sys.exit(bench.main(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from register import commandline

    sys.exit(commandline.main(sys.argv))
