"""What the functions of the table do, one module per family."""
