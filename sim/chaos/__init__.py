"""A hall of real processes under real faults, and a judge who compares what everybody saw. Start with ``episode``."""
