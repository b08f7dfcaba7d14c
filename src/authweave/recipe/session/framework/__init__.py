"""The session of a request, in each framework; the paths are those of the documents."""
