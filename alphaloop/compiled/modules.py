"""What is compiled: all that an episode runs between two decisions, on both sides of the socket.

Never the contract: strategies are written against it, and they are Python.
"""

MODULES = (
    "alphaloop.facts.order",
    "alphaloop.sandbox.inside.answers",
    "alphaloop.sandbox.inside.serve",
    "alphaloop.sandbox.line",
    "alphaloop.sandbox.replies",
    "alphaloop.sandbox.worker",
    "alphaloop.simulation.best",
    "alphaloop.simulation.episode",
    "alphaloop.simulation.exchange_book",
    "alphaloop.simulation.exchange_lottery",
    "alphaloop.simulation.record",
    "alphaloop.simulation.trader",
    "alphaloop.simulation.view",
    "alphaloop.trading.account",
    "alphaloop.trading.orders",
    "alphaloop.trading.pause",
    "alphaloop.trading.plan",
    "alphaloop.trading.risk.batch",
    "alphaloop.trading.risk.circumstance",
    "alphaloop.trading.risk.engine",
    "alphaloop.trading.risk.form",
    "alphaloop.trading.risk.price",
    "alphaloop.trading.risk.spread",
    "alphaloop.trading.risk.standing",
    "alphaloop.trading.tale",
    "alphaloop.trading.want",
)

GROUP = "alphaloop__mypyc"
"""The extension that holds the code of all of them; theirs only find it.  mypyc appends the last part."""
