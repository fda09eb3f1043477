"""Clock times: a small domain of one's own, outside the package. `docs/add-a-domain.md` goes through it."""
