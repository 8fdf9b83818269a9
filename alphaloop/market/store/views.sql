-- What SQL sees of a store: one view for each kind of thing, in units that people use.
--
-- Times are at the exchange, `time` as a timestamp (UTC) and `time_ns` in ns; prices in quote currency, sizes and
-- positions in base units.  The tables kept_KIND are the files as they are; views.py makes them.
-- Bits of `ev` (tape.py): 2147483648 is for the exchange's clock, 536870912 is buy; its last byte is the kind of row.
-- Of a recording the rows of the exchange's clock are shown, so that a message split over both clocks counts once.

CREATE VIEW ticks AS
SELECT
    source, venue, symbol, day,
    make_timestamp_ns(exch_ts) AS time, exch_ts AS time_ns, local_ts AS local_ns,
    CASE ev & 255 WHEN 1 THEN 'depth' WHEN 3 THEN 'clear' WHEN 4 THEN 'snapshot' END AS event,
    CASE WHEN ev & 536870912 > 0 THEN 'bid' ELSE 'ask' END AS side,
    px AS price, qty AS size
FROM kept_book
WHERE ev & 2147483648 > 0;

CREATE VIEW trades AS
SELECT
    source, venue, symbol, day,
    make_timestamp_ns(exch_ts) AS time, exch_ts AS time_ns, local_ts AS local_ns,
    CASE WHEN ev & 536870912 > 0 THEN 'buy' ELSE 'sell' END AS side,
    px AS price, qty AS size
FROM kept_trades
WHERE ev & 2147483648 > 0;

CREATE VIEW channels AS
SELECT
    source, venue, symbol, day,
    replace(kind, 'channel-', '') AS channel,
    make_timestamp_ns(time_ns) AS time, time_ns, value
FROM kept_channels;

CREATE VIEW episodes AS
SELECT * EXCLUDE (row, kind) FROM kept_episodes;

CREATE VIEW orders AS
SELECT
    o.source, o.venue, o.symbol, o.day, o.episode,
    make_timestamp_ns(time_ns) AS time, time_ns, "order",
    CASE verb WHEN 1 THEN 'submit' ELSE 'cancel' END AS verb,
    CASE WHEN side > 0 THEN 'buy' ELSE 'sell' END AS side,
    ticks * instrument_tick AS price, lots * instrument_lot AS size
FROM kept_orders AS o
JOIN kept_episodes USING (source, episode);

CREATE VIEW fills AS
SELECT
    f.source, f.venue, f.symbol, f.day, f.episode,
    make_timestamp_ns(matched_ns) AS time, matched_ns AS time_ns, received_ns, "order",
    CASE WHEN side > 0 THEN 'buy' ELSE 'sell' END AS side,
    ticks * instrument_tick AS price, lots * instrument_lot AS size,
    mid, decision_mid, fee
FROM kept_fills AS f
JOIN kept_episodes USING (source, episode);

CREATE VIEW account AS
SELECT
    a.source, a.venue, a.symbol, a.day, a.episode,
    make_timestamp_ns(time_ns) AS time, time_ns,
    mid, position_lots * instrument_lot AS position, equity
FROM kept_account AS a
JOIN kept_episodes USING (source, episode);

CREATE VIEW positions AS
SELECT
    a.source, a.venue, a.symbol, a.day, a.episode,
    make_timestamp_ns(time_ns) AS time, time_ns,
    position_lots * instrument_lot AS position
FROM kept_account AS a
JOIN kept_episodes USING (source, episode)
QUALIFY position_lots IS DISTINCT FROM lag(position_lots) OVER (PARTITION BY a.source, a.episode ORDER BY a.row);

CREATE VIEW settlements AS
SELECT source, venue, symbol, day, episode, make_timestamp_ns(time_ns) AS time, time_ns, rate, price, received
FROM kept_settlements;

CREATE VIEW mids AS
SELECT source, venue, symbol, day, episode, make_timestamp_ns(time_ns) AS time, time_ns, mid
FROM kept_mids;

CREATE VIEW refusals AS
SELECT
    source, venue, symbol, day, episode, make_timestamp_ns(time_ns) AS time, time_ns, rule, cause, value, "limit"
FROM kept_refusals;
