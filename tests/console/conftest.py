"""The folder with deliveries of the tests of whole runs, for those of what they say."""

from tests.publishing.conftest import inputs, made, undisturbed

__all__ = ["inputs", "made", "undisturbed"]
