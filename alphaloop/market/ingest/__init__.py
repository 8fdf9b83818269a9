"""Recorded exchange messages to tapes, tapes to files and back, and long tapes to episodes."""

from alphaloop.market.ingest.archive import load, save
from alphaloop.market.ingest.assembly import Ingested
from alphaloop.market.ingest.market import ingest, market_of
from alphaloop.market.ingest.report import Basis, IngestReport
from alphaloop.market.ingest.slicing import slices

__all__ = ["Basis", "IngestReport", "Ingested", "ingest", "load", "market_of", "save", "slices"]
