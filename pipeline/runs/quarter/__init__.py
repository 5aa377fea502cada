"""The report of one quarter of one bureau, from the first look into its workbooks to the pages."""
