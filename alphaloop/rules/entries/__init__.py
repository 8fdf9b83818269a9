"""What the ledger's entries say: one file per family, a constructor and a reader for each kind.

Every constructor gives a Draft whose key makes its append idempotent; every reader raises Untrusted when a
body is not what its kind must carry. Numbers are stored so that they read back exactly; NaN and infinity are
refused. The fields of each body, and its key (`#` is the change's number):

founding.py   genesis       format, founding (main's first commit), keys; written by the forge     genesis
keys.py       key           principal, old, new, why, main, talks;            key:<principal>:<digest>
                            written by the forge
measured.py   record        commit, seed, episodes, rests_on, metrics                 record:<commit>:<seed>
              trial         base, turn, hypothesis, count, predicted, params,      trial:<turn>:<hypothesis>
                            scores
plans.py      plan          turn, base, seed, hypothesis, files                                 plan:<turn>
changes.py    change        turn, change (all of it), hypothesis                           change:<#>:<head>
              closed        change, why                                                           closed:<#>
claims.py     claim         step, change, inputs (digest), attempt,         claim:<step>:<inputs>:<attempt>
                            holder, taken_s, until_s
opened.py     test opened   test (its number), change, head, head_tree, base,         test:<#>:<head>:<base>
                            level, promotions, scales, plays
evidence.py   evidence      of (its test or release), change, head, head_tree, base,           evidence:<of>
                            signature, scales, pairs, bound, judgement
counterexamples.py  counterexample  change, head, check, moves          counterexample:<digest of the moves>
verdicts.py   verdict       genesis, seat, change, place,                verdict:<#>:<seat>:<place>:<digest>
                            head, head_tree, base, test (its number and entry),
                            stance, findings, evidence, rests_on, bound
decisions.py  decision      change (all of it), read (newest entry read),              decision:<#>:<digest>
                            stance, reasons, day (null where nothing expires)
overrides.py  override      change, seat, head, base, given, until (days in       override:<#>:<comment>
                            UTC), reason, by
marks.py      mark          change, mark (drafted, readied, reopened), head,                mark:<event>
                            base, event
ideas.py      idea          by, idea, change                                              idea:<comment>
releases.py   release       action merge: change, base, head, head_tree, shadow,   release:<#>:<head>:<base>
                            judged; the forge adds landing
              release       action rollback: of, change, restores, shadow, why;                rollback:<of>
                            the forge adds landing
              outcome       of (the release), change, commit, judgement,                        outcome:<of>
                            evidence, restored
lessons.py    lesson        a turn as people read it, and words                                 turn:<turn>
              escalation    hypothesis, metric, refused (changes)         escalation:<hypothesis>:<metric>
imported.py   imported      of (the original's commit), by, was, place,                       imported:<of>
                            count, level, plays; the forge keeps the original
stops.py      stop          by, reason                                             stop:<last resume or 0>
              resume        by, reason, ends (the stop's number)                              resume:<stop>
"""
