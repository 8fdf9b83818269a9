"""The outer risk engine: it stands between strategy and exchange, refuses, and never repairs.

One rule is one small function.  Each asks whether all is well and refuses otherwise, so that a NaN is a
refusal. A rule whose cause is the strategy's own judges what the strategy could know; a circumstance is the
market's, the connection's or the account's doing.

| rule | cause | refuses |
|---|---|---|
| number, side | own | what is not a Quote of two exact, finite numbers and a side |
| collar, order_size, order_value | own | one quote that is too far, too large or too dear |
| quotes_per_side, duplicate, self_cross, position | own | a quote beside the others of the same answer |
| spread | own | an answer whose best bid and best ask are too close |
| wide | circumstance | an answer whose best bid and best ask are too far apart |
| emergency_stop, drawdown, no_mid, stale_data | circumstance | any quote, while it lasts |
| collar | circumstance | one order that goes later than its quote, for how the market moved since |
| open_position, open_cross, leverage, message_rate | circumstance | one order, for what is open or sent |
"""
