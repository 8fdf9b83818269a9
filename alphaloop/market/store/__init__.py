"""Where everything is kept: tapes and journals as Parquet, asked through DuckDB.

tapes.py and journals.py put in and give the same back, recorded.py finds the tape of a market and a span,
contents.py lists, ask.py answers SQL; layout.py says where everything lies.
"""
