"""Pages of oversight: the board, the wall, the league."""
