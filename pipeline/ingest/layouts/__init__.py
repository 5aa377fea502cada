"""From a grid to the rows of a known kind: headers, recognition, what each row is."""
