"""点评网: what customers write on an imaginary review site. An example: copy the folder."""
