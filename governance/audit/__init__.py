"""The residual-risk audit as arithmetic: which rows people read, and what their verdicts say of all rows. Pure."""
