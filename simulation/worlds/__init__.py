"""Small worlds in which it is known what a strategy does.

A world is a segment of its own, and a trial in it a strategy: 300 to 3,000
customers, each with their own inclination to buy. What is planted, by strategy:

* `activation` raises the share of customers who buy within 30 days, the money
  that they spend, and their lifetime value, by amounts drawn for the world.
* `wake_up` changes nothing.
* `vip_maintenance` changes nothing either, but looks as if it did: in every
  other world its campaign held out other customers than it should have, the
  least inclined ones; in the rest nobody was ever contacted, and the customers
  held out are left with what chance gave them.

The tables written are those above the marts' own steps: assignments, touches,
purchases, refunds, lifetime values. Who is held out, what falls into a window,
every sum and every statistic is left to the project's models.
"""
