"""Simulated devices, written from the data sheets. Start with ``base``.

One file is one device: ``thermal_printer``, ``sign_bus`` with its ``led_sign``s, ``card_reader``, ``text_line``, ``panel`` (keys, lamps,
beeper), ``voice``. Their parts stand beside them: ``escpos_*``, ``typesetter``, ``paper``, ``ink``, ``qr_store``, ``printer_kinds`` for the
printer, ``sign_*`` and ``led_panel`` for the signs, ``fonts`` for all that draw.
"""
