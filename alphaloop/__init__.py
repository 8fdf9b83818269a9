"""AlphaLoop turns the Git repository of a trading strategy into a desk that improves and governs itself."""

from alphaloop.compiled.finder import install

install()
