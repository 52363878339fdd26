"""CRC-16/ARC: polynomial 8005 reflected, start 0, no final xor; "123456789" gives BB3D. Not Modbus, which starts at FFFF."""


def _entry(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
    return byte


TABLE = tuple(_entry(byte) for byte in range(256))


def crc16_arc(data: bytes) -> int:
    """The checksum of these bytes."""
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xFF]
    return crc
