"""What happens to the whole hall in a day: noon, closing, extended hours, surges, added counters, emergencies (EXT, HALL).

Leaders ask, time asks, and most of what follows is a fact of ``broker.rules.facts.service_day``. Which groups a counter
serves at the moment stands in :mod:`broker.rules.service_day.serves`.
"""
