"""``make leaks``: does a planted value stand anywhere outside the demo's units?"""
