"""What the ledger's entries say: one file per family, a constructor and a reader for each kind.

Every constructor gives a Draft whose key makes its append idempotent; every reader raises Untrusted when a
body is not what its kind must carry. Numbers are stored so that they read back exactly; NaN and infinity are
refused. The fields of each body, and its key (`#` is the change's number):

founding.py   genesis       format, founding (main's first commit), keys; written by the forge     genesis
measured.py   record        commit, seed, episodes, rests_on, metrics                 record:<commit>:<seed>
              trial         base, turn, hypothesis, count, predicted, params,      trial:<turn>:<hypothesis>
                            scores
plans.py      plan          turn, base, seed, hypothesis, files                                 plan:<turn>
changes.py    change        turn, change (all of it), hypothesis                           change:<#>:<head>
              closed        change, why                                                           closed:<#>
opened.py     test opened   test (its number), change, head, head_tree, base,         test:<#>:<head>:<base>
                            level, promotions, scales, plays
evidence.py   evidence      of (its test or release), change, head, head_tree, base,           evidence:<of>
                            signature, scales, pairs, bound, judgement
verdicts.py   verdict       seat, change, head, base, stance, findings,  verdict:<#>:<seat>:<place>:<digest>
                            evidence, rests_on
decisions.py  decision      change (all of it), read (newest entry read),              decision:<#>:<digest>
                            stance, reasons
releases.py   release       action merge: change, base, head, head_tree, shadow,   release:<#>:<head>:<base>
                            judged; the forge adds landing
              release       action rollback: of, change, restores, shadow, why;                rollback:<of>
                            the forge adds landing
              outcome       of (the release), change, commit, judgement,                        outcome:<of>
                            evidence, restored
lessons.py    lesson        a turn as people read it, and words                                 turn:<turn>
              escalation    hypothesis, metric, refused (changes)         escalation:<hypothesis>:<metric>
stops.py      stop          by, reason                                             stop:<last resume or 0>
              resume        by, reason, ends (the stop's number)                              resume:<stop>
"""
