"""Simulated devices, written from the data sheets. Start with ``base``.

One file is one device: ``thermal_printer``, ``sign_bus`` with the ``led_sign`` of each address, ``card_reader``,
``text_line``, ``panel`` (keys, lamps, beeper), ``voice``, ``main_board``. Their parts stand beside them. The printer's are
``escpos_*``, ``typesetter``, ``paper``, ``ink``, ``qr_store`` and ``printer_kinds``; the signs' are ``sign_*`` and
``led_panel``; ``fonts`` is for all that draw. ``bench`` is one device alone on a table, for tests.
"""
