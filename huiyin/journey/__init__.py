"""旅程: the road of a complaint, one folder a stage, in travelling order."""
