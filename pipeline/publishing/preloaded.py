"""What a worker process has from its beginning, where it is a copy of a server that loads modules once."""

from __future__ import annotations

from pipeline.publishing.fingerprints import versions

versions()  # it is asked for with each piece of work, and takes as long as a small one
