from alphaloop.contract import Quote

PARAMS = {"x": 1.0}


def on_book(book):
    return [Quote("buy", book.bid, 1.0)]
