"""What a table of observations is: columns, periods, places, code lists and validation rules."""
