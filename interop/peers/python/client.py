"""Drives the published Python data store client against a server and prints a line for each check.

The client runs in a process of its own: a call of it that hangs holds the interpreter, so nothing in that process could tell.
"""

import argparse
import contextlib
import multiprocessing
import sys

KEY = b"key"


def connect(host, port):
    from simd_r_drive_ws_client import DataStoreWsClient

    return DataStoreWsClient(host, port)


def not_found(call):
    """A check that the server does not know the method; the published client reports that as an OSError."""

    def check(store):
        try:
            answer = call(store)
        except OSError as error:
            if "MethodNotFound" not in str(error):
                raise AssertionError(f"{error}, expected MethodNotFound") from error
        else:
            raise AssertionError(f"answer {answer!r}, expected MethodNotFound")

    return check


SUITES = {
    "notfound": [
        ("notfound-read", not_found(lambda store: store.read(KEY))),
        ("notfound-batch-read", not_found(lambda store: store.batch_read([KEY]))),
        ("notfound-exists", not_found(lambda store: store.exists(KEY))),
        ("notfound-len", not_found(len)),
        ("notfound-is-empty", not_found(lambda store: store.is_empty())),
        ("notfound-file-size", not_found(lambda store: store.file_size())),
        ("notfound-write", not_found(lambda store: store.write(KEY, b"value"))),
        ("notfound-write-1000000", not_found(lambda store: store.write(KEY, bytes(1_000_000)))),
        ("notfound-delete", not_found(lambda store: store.delete(KEY))),
    ],
}


def run(host, port, suite, outcomes):
    """In the child: sends None for a check that went well, or why it failed. Without a connection there is nothing to go on."""
    try:
        store = connect(host, port)
    except Exception as error:
        outcomes.send(str(error))
        return
    outcomes.send(None)
    for _, check in SUITES[suite]:
        try:
            check(store)
        except Exception as error:
            outcomes.send(f"{type(error).__name__}: {error}")
        else:
            outcomes.send(None)


@contextlib.contextmanager
def in_child(target, *arguments):
    """Runs a function in a process of its own for as long as the block lasts; its last argument sends what the block receives."""
    context = multiprocessing.get_context("spawn")
    outcomes, child_end = context.Pipe(duplex=False)
    child = context.Process(target=target, args=(*arguments, child_end), daemon=True)
    child.start()
    child_end.close()
    try:
        yield outcomes
    finally:
        child.kill()
        child.join()


def await_outcome(outcomes, limit):
    if not outcomes.poll(limit):
        return f"not done after {limit:g} s", False
    try:
        return outcomes.recv(), True
    except EOFError:
        return "the client's process went away", False


def watch(host, port, suite, limit):
    """Prints the outcomes and returns whether all were good. After a hang nothing more is asked of the client."""
    good = alive = True
    with in_child(run, host, port, suite) as outcomes:
        for name in ["connect", *(name for name, _ in SUITES[suite])]:
            why, alive = await_outcome(outcomes, limit) if alive else ("not run", False)
            print(f"ok {name}" if why is None else f"FAIL {name} {why}", flush=True)
            good = good and why is None
    return good


def main():
    parser = argparse.ArgumentParser(description="Checks a server with the published Python client.")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--suite", default="notfound", choices=sorted(SUITES))
    parser.add_argument("--limit", default=10.0, type=float, help="seconds for each check")
    options = parser.parse_args()
    sys.exit(0 if watch(options.host, options.port, options.suite, options.limit) else 1)


if __name__ == "__main__":
    main()
