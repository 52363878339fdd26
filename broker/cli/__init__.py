"""The commands of ``hall-broker``, one module each; ``arguments`` says what may be typed.

Reading commands open the database read-only and work while the service runs; changing commands ask the service.
"""
