"""What is done with workbooks without making a report: checked, explained, sent back, handed out blank."""
