"""Follow an import to its end: `python follow_import.py IMPORT`, with URL and TOKEN in the environment."""

import json
import os
import sys
import time
import urllib.request

address = f"{os.environ['URL']}/api/course-imports/{sys.argv[1]}/events/"
headers = {"Authorization": f"Token {os.environ['TOKEN']}"}
state = event = ""
while state not in ("finished", "cancelled", "undone"):
    try:
        request = urllib.request.Request(address, headers=headers)  # noqa: S310 - the caller's own address
        with urllib.request.urlopen(request, timeout=60) as stream:  # noqa: S310 - as above
            for line in stream:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "id":
                    headers["Last-Event-ID"] = value  # after a break: from here on
                elif name == "event":
                    event = value
                elif name == "data" and event in ("status", "reset"):
                    state, counts = (json.loads(value)[field] for field in ("state", "counts"))
                    print(state, {what: number for what, number in counts.items() if number}, flush=True)
                    if state in ("finished", "cancelled", "undone"):
                        break
    except ConnectionError as broken:
        print(f"{broken}; trying again", file=sys.stderr)
        time.sleep(2)
