"""What one file may cost, from the contract of ``ronghe check``: never more than 10 s or 1.5 GB."""

WALL_SECONDS = 10.0
CPU_SECONDS = 10
MEMORY_BYTES = 1536 * 1024 * 1024
