"""A process with nothing but the engine and a tape, stepped through 100 ms at a time."""

from alphaloop.market.tape import Tape
from alphaloop.simulation.engine import load
from parts.peak import run_here

STEP_NS = 100_000_000


def step_through(tape: Tape) -> str:
    """Let the engine read the whole tape."""
    engine = load()
    asset = engine.module.BacktestAsset()
    asset._add_data_ndarray(tape.events.ctypes.data, len(tape.events))
    asset._intp_order_latency_ndarray(tape.latency.ctypes.data, len(tape.latency), 0)
    asset.linear_asset(1.0)
    asset.risk_adverse_queue_model()
    asset.partial_fill_exchange()
    asset.tick_size(tape.instrument.tick)
    asset.lot_size(tape.instrument.lot)
    asset.trading_value_fee_model(0.0, 0.0)
    asset.last_trades_capacity(0)
    pointer = engine.module.build_hashmap_backtest([asset])
    steps = 0
    while engine.wait(pointer, True, STEP_NS) != 1:
        steps += 1
    engine.close(pointer)
    return f"{steps} steps"


if __name__ == "__main__":
    run_here(step_through)
