# a market maker
