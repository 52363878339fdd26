"""What every node is made of: the runtime (loop, link, journal, clock), the wires, and the drivers on them."""
