"""Runs a script of operations with the published Python data store client and prints a line for what came of each.

As in client.py, the client runs in a process of its own, so that a call of it that hangs is noticed. The notation of keys, values
and results is that of the Rust program data-store.
"""

import argparse
import itertools
import sys
import zlib

from client import await_outcome, connect, in_child

LONGEST_IN_FULL = 32
PERIOD = 4093


def to_bytes(word):
    if word == "-":
        return b""
    if word.startswith("fill:"):
        _, length, seed = word.split(":")
        return filled(int(length), int(seed))
    return bytes.fromhex(word)


def filled(length, seed):
    state = seed
    period = bytearray()
    for _ in range(min(PERIOD, length)):
        state = (state * 1_664_525 + 1_013_904_223) & 0xFFFF_FFFF
        period.append(state >> 24)
    return (bytes(period) * (length // PERIOD + 1))[:length]


def from_bytes(value):
    if value is None:
        return "none"
    if len(value) > LONGEST_IN_FULL:
        return f"{len(value)}:{zlib.crc32(value):08x}"
    return value.hex() or "-"


def listed(values):
    return f"[{' '.join(map(from_bytes, values))}]"


def boolean(value):
    return str(value).lower()


def done(nothing):
    assert nothing is None, f"answer {nothing!r}, expected none"
    return "done"


def batch_read_structured(store, words):
    """Asks for a dictionary, or for a list of them if a `;` stands between keys. The answer has to have the same shape."""
    groups = [[]]
    for word in words:
        if word == ";":
            groups.append([])
        else:
            groups[-1].append(to_bytes(word))
    asked = [{f"name {at}": key for at, key in enumerate(group)} for group in groups]
    if len(asked) == 1:
        answers = [store.batch_read_structured(asked[0])]
    else:
        answers = store.batch_read_structured(asked)
    assert list(map(list, answers)) == list(map(list, asked)), f"{answers!r}, expected the names of {asked!r}"
    return " ".join(listed(answer.values()) for answer in answers)


def pairs(words):
    return list(zip(map(to_bytes, words[::2]), map(to_bytes, words[1::2]), strict=True))


OPERATIONS = {
    "write": lambda store, key, value: done(store.write(to_bytes(key), to_bytes(value))),
    "batch-write": lambda store, *words: done(store.batch_write(pairs(words))),
    "delete": lambda store, key: done(store.delete(to_bytes(key))),
    "read": lambda store, key: from_bytes(store.read(to_bytes(key))),
    "batch-read": lambda store, *keys: listed(store.batch_read(list(map(to_bytes, keys)))),
    "batch-read-structured": lambda store, *words: batch_read_structured(store, words),
    "exists": lambda store, key: boolean(store.exists(to_bytes(key))),
    "in": lambda store, key: boolean(to_bytes(key) in store),
    "len": lambda store: f"len {len(store)}",
    "is-empty": lambda store: boolean(store.is_empty()),
    "file-size": lambda store: f"file-size {store.file_size()}",
}


def run(host, port, lines, outcomes):
    """In the child: sends a result and whether to go on. The published client reports what the server refused as an OSError."""
    try:
        store = connect(host, port)
        for line in lines:
            name, *words = line.split()
            try:
                result = OPERATIONS[name](store, *words)
            except OSError as error:
                result = f"error {error}"
            outcomes.send((result, True))
    except Exception as error:
        outcomes.send((f"FAIL {type(error).__name__}: {error}", False))


def watch(host, port, lines, limit):
    """Prints the results and returns whether all operations were performed."""
    good = True
    with in_child(run, host, port, lines) as outcomes:
        for line in lines:
            outcome, alive = await_outcome(outcomes, limit)
            result, good = outcome if alive else (f"FAIL {line.split()[0]} {outcome}", False)
            print(result, flush=True)
            if not good:
                break
    return good


def main():
    parser = argparse.ArgumentParser(description="Runs the operations on the standard input with the published Python client.")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--limit", default=30.0, type=float, help="seconds for each operation")
    options = parser.parse_args()
    lines = sys.stdin.read().splitlines()
    sys.exit(0 if watch(options.host, options.port, lines, options.limit) else 1)


if __name__ == "__main__":
    main()
