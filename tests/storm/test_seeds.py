"""What storms have found in the product, each as the smallest story that showed it."""

import pytest

from contracts.codec import decode
from contracts.messages import ServiceState
from sim.hall import Hall
from sim.mqtt import Publication


@pytest.mark.parametrize("dead_for", [1_000, 30_000])
def test_the_hall_clock_goes_on_over_a_death_though_the_machines_clock_was_set_back(dead_for: int) -> None:
    """I11 (mini seeds 69, 77, 160 of an earlier forecast): no heartbeat names an earlier time than one before it."""
    with Hall.demo_small(seed=3) as hall:
        told: list[int] = []

        def listen(publication: Publication) -> None:
            if publication.topic.endswith("/service/state"):
                state = decode(publication.topic, publication.payload)
                if isinstance(state, ServiceState) and state.online:
                    told.append(state.hall_now)

        hall.server.taps.append(listen)
        hall.run_for(300_000)
        hall.service.clock.wall_error -= 120_000
        hall.service.kill()
        hall.run_for(dead_for)
        hall.service.start()
        hall.run_for(60_000)
        assert len(told) > 60
        assert told == sorted(told)
