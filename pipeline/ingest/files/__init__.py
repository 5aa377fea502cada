"""From the bytes of a file to its grids of cells, safely: containers, limits, two independent readers."""
