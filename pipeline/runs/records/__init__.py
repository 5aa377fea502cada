"""What a run knows and leaves behind: places, hashes, the manifest, the log, and how far it is."""
