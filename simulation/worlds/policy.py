"""The product's rules once more, in numpy: what is in force for whom.

The truth is computed with them, from courses that no build could run, and so
are the lists of many large worlds, which the SQL has to confirm afterwards, for
each customer and each month.
"""

import numpy as np

COOLING_OFF_DAYS = 28
NONE = -1


class Policy:
    """What is recommended to and in force for each customer so far."""

    def __init__(self, count):
        self.recommended = np.full(count, NONE)
        self.since_day = np.zeros(count, dtype=int)
        self.strategy = np.full(count, NONE)
        self.is_new = np.zeros(count, dtype=bool)
        self.is_held_out = np.zeros(count, dtype=bool)

    def copy_of(self, places):
        course = Policy(0)
        for name, values in vars(self).items():
            setattr(course, name, values[places].copy())
        return course

    def end_month(self, day, state, is_drawn):
        """Decide at a period end; `is_drawn`: held out if an episode begins."""
        has_changed = state != self.recommended
        is_first = self.recommended == NONE
        self.since_day = np.where(has_changed, day, self.since_day)
        self.recommended = state
        is_due = is_first | (day - self.since_day >= COOLING_OFF_DAYS)
        self.is_new = is_due & (state != self.strategy)
        self.strategy = np.where(self.is_new, state, self.strategy)
        self.is_held_out = np.where(self.is_new, is_drawn, self.is_held_out)
