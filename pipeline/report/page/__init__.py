"""What any page is made of: blocks, tables, charts, the frame and template around them, the way into one HTML file."""
