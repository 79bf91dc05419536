"""The reviewer's page of a bulletin: what is asked for it, and what stands on it."""
