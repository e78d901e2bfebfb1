"""What a worker process has from its beginning: the server that all are copies of loads this once."""

from __future__ import annotations

from pipeline.publishing.fingerprints import versions

versions()  # it is asked for with each piece of work, and takes as long as a small one
