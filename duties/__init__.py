"""What the county's yearly task list asks of each unit: the list read, its duties, their evidence."""
