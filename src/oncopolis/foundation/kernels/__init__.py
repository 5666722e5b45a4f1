"""Hot loops shared by rooms: keyed random numbers and the variates made of them."""
