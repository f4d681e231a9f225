"""Companies in which it is known what each strategy is worth.

A world is one company; many are packed into one database. For more than a year:

* `market.py`: customers buy, and more if they are contacted and the strategy
  works. A purchase takes a customer out of what the strategy is for.
* `loop.py`: at each month end, the product's own SQL says what is in force for
  whom and who is held out; the rest of those who consent is contacted. Before
  the first list that is followed, everybody is. In one month, a sale outside
  the strategies draws a control group of its own.
* `truth.py`: a large company of the same kind is lived through twice from each
  entry on, once treated and once held out, all else the same.
* `policy.py`: the rules once more, for the truth; `trials.py` proves them equal
  to the SQL for each customer and month.
* `trials.py`: the product's effect models run on the tables of `tables.py`, and
  each of their rows is put beside its truth.
* `cells.py`: how often intervals and tests are right, by size of the hold-out,
  rate and what works. `plan.py`: which worlds, and how many.
* `choosing.py`: in numpy alone, companies that choose between the strategies of
  a rule by the effects that they have found so far.
"""
