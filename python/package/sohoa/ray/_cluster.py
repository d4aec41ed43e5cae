"""The Ray cluster: all that the rest of this package knows of Ray.

Ray starts actors, hands them units, holds units back while the actors are busy, starts an actor again that died, and gives its units to it once
more. What a unit is and what becomes of it is not Ray's business.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

from ._work import Worker


class Cluster:
    """The cluster that this process is connected to, else that of ``address``, of RAY_ADDRESS, or one of this machine."""

    def __init__(self, address: str | None = None) -> None:
        import ray.data

        if not ray.is_initialized():
            ray.init(address=address, log_to_driver=False, logging_level=logging.WARNING)
        ray.data.DataContext.get_current().enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.WARNING)

    def fingerprint(self, options: dict[str, Any]) -> str:
        """That of :class:`sohoa.Digitiser`, asked of a node that works, since that is where the models are. Options that are of no use are a
        :class:`ValueError`."""
        import ray

        @ray.remote(num_cpus=1)
        def fingerprint(options: dict[str, Any]) -> tuple[str, str]:
            from sohoa import Digitiser, SohoaError

            try:
                with Digitiser(**options) as digitiser:
                    return digitiser.fingerprint, ""
            except (SohoaError, ValueError) as error:
                return "", str(error)

        found, error = ray.get(fingerprint.remote(options))
        if error:
            raise ValueError(error)
        return str(found)

    def through(self, tasks: dict[int, dict[str, Any]], pool: dict[str, Any], actors: int | None) -> Iterator[tuple[int, dict[str, Any]]]:
        """What comes of numbered tasks, as it comes. ``pool`` is what a :class:`Worker` is made with, ``actors`` how many there are at most: one for
        each CPU if not said."""
        import ray

        cpus = int(ray.cluster_resources().get("CPU", 1))  # type: ignore[no-untyped-call]
        most = max(1, min(actors or cpus, len(tasks)))
        rows = [{"number": number, "task": json.dumps(task)} for number, task in tasks.items()]
        dataset = ray.data.from_items(rows, override_num_blocks=min(len(rows), 4000))
        work = dataset.map(
            Worker,  # type: ignore[arg-type]
            fn_constructor_kwargs=pool,
            num_cpus=1,
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=most, initial_size=most),
        )
        for row in work.iter_rows():
            yield row["number"], json.loads(row["result"])
