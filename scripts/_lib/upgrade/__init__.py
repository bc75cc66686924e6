"""Replace a module by proposal: from the file that describes it to the record of it."""
