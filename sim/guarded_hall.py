"""A hall of processes as on a network: every one under its own account, the nodes through TLS, nobody without either."""

from pathlib import Path
from typing import Any

import msgspec

from contracts.values import HallId
from sim.guarded_mqtt import GuardedMosquitto
from sim.mqtt_process import Server, listening
from sim.process_hall import SERVICE, ProcessHall


class GuardedHall(ProcessHall):
    """Like :class:`ProcessHall`, but its mosquitto has the configuration of ``hall-broker mqtt-config``."""

    guard: GuardedMosquitto

    def start_server(self) -> Server:
        """See :class:`ProcessHall`."""
        folder = self.folder / "mqtt"
        folder.mkdir(parents=True)
        self.guard = GuardedMosquitto(folder, self.folder / "hall.toml", HallId(self.config.hall.id), lan=True)
        child = self.processes.start("mosquitto", self.guard.command())
        return listening(Server("mosquitto", self.guard.port, "with accounts and TLS", child))

    def mqtt_of(self, name: str) -> dict[str, Any]:
        """See :class:`ProcessHall`. The service stands on the server's own machine, the nodes on others."""
        section: dict[str, Any] = msgspec.to_builtins(self.guard.address_of(name, lan=name != SERVICE))
        return {key: value for key, value in section.items() if value != ""}

    @property
    def server_log(self) -> Path:
        """What mosquitto has written; with every denial in it."""
        return self.folder / "logs" / "mosquitto.log"
