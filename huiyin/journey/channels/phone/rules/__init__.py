"""What is judged and computed of calls. Pure: no database, no clock."""
