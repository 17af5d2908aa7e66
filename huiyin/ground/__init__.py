"""底座: what every stage stands on; it knows nothing of complaints."""
