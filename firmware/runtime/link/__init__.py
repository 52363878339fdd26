"""The way to the MQTT server: ``NodeLink`` for every node, ``ServiceLink`` for the rules service.

``connection`` is the only file of the project that imports paho. Start there for what can go wrong on the way.
"""

from firmware.runtime.link.node_link import NodeLink
from firmware.runtime.link.service_link import Arrived, Connected, Disconnected, ServiceItem, ServiceLink

__all__ = ["Arrived", "Connected", "Disconnected", "NodeLink", "ServiceItem", "ServiceLink"]
