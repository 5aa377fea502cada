"""Return to sender: faulty workbooks as copies with marked cells and a list of faults, compared with the last ones."""
