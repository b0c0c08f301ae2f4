"""Acts of several threads begun together."""

import threading
from collections.abc import Callable


def at_once(count: int, act: Callable[[int], None]) -> None:
    """The same act in several threads, begun together; what one raises is raised here."""
    start, failures = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            start.wait()
            act(number)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
