"""Small worlds in which the effect of each strategy is known.

A world is one segment, and each strategy in it a trial with 300 to 3,000
customers, who differ in their inclination to buy. What is planted, by strategy:

* `activation` raises the share of customers who buy within 30 days, the money
  they spend, and their lifetime value, by amounts drawn for the world.
* `wake_up` changes nothing.
* `vip_maintenance` changes nothing either but looks as if it did: in every
  other world its campaign held out the wrong customers, the least inclined
  ones; in the rest nobody was ever contacted, so its groups differ by chance
  alone.

The tables written are the inputs of the marts: assignments, contacts,
purchases, refunds, lifetime values. Holding out, windows, sums and statistics
are left to the project's own models.
"""
