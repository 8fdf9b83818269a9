class Strategy
    pass
