"""Demo units: seeded generators of a commerce, a logistics and a media unit whose people are all invented.

`make.make_units` writes the units' own files and, aside, the ground truth of every personal value planted in them.
Nothing here is drawn from real data: names, numbers and sentences come from the grammars in this package.
"""
