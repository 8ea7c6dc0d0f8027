"""Runs a Python module on a leash: when standard input ends, the parent is gone and this process ends too.

usage: leash.py [--ready-url URL --port N] MODULE [ARGUMENT ...]

With --ready-url the ready line is printed here as soon as the URL answers 200, for modules that print none.
"""

from __future__ import annotations

import argparse
import json
import os
import runpy
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

SECONDS_TO_END = 10
SECONDS_BETWEEN_PROBES = 0.05


def end_with_parent(standard_input: int) -> None:
    """SIGTERM first, so that the module can save its work, and no mercy for one that hangs."""
    while os.read(standard_input, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_END)
    os.kill(os.getpid(), signal.SIGKILL)


def say_when_ready(url: str, port: int) -> None:
    # A proxy of the user's shell must not see requests to loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        try:
            with opener.open(url, timeout=1) as answer:
                if answer.status == 200:
                    break
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(SECONDS_BETWEEN_PROBES)
    print(json.dumps({"ready": True, "port": port}), flush=True)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="leash.py")
    parser.add_argument("--ready-url")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("module")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)

    leash = os.dup(0)
    # The module must not read from the leash.
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=end_with_parent, args=(leash,), name="leash", daemon=True).start()
    if options.ready_url:
        threading.Thread(
            target=say_when_ready, args=(options.ready_url, options.port), name="ready", daemon=True
        ).start()

    sys.argv = [options.module, *options.arguments]
    sys.path[0] = os.getcwd()
    runpy.run_module(options.module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
