-- Markout at 1 s by side, in basis points: markout_1s of the execution layer, told apart for buys and sells.
-- One side far below the other is a quote that leans the wrong way.
SELECT
    side,
    count(*) AS fills,
    sum(size) AS size,
    sum(size * sign * (mids.mid - price) / price * 1e4) / sum(size) AS markout_1s_bps
FROM (
    SELECT fills.*, fills.time_ns + 1000000000 AS later_ns, CASE side WHEN 'buy' THEN 1 ELSE -1 END AS sign
    FROM fills
    JOIN episodes USING (source, episode)
    WHERE fills.time_ns + 1000000000 <= end_ns
) AS seen
ASOF JOIN mids ON seen.source = mids.source AND seen.episode = mids.episode AND seen.later_ns >= mids.time_ns
GROUP BY side
ORDER BY side
