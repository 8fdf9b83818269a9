"""The seats at work: one module per seat, named as in roles.yaml, and what several of them share."""
