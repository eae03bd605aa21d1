"""People, teams, customers and deals: taken from files, and given to policies as facts."""
