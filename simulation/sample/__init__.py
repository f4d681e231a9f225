"""The sample extract: nine ODS tables of an invented shop, with known truths.

The same seed gives the same bytes. Only the standard library is used.

What is planted (`World` holds the numbers, tests build other worlds):

* Purchases follow BG/NBD: a buyer's weekly rate is Gamma(shape
  `rate_shape`, rate `rate_weeks`), the chance of leaving for good after each
  purchase is Beta(`leave_a`, `leave_b`). Order amounts follow Gamma-Gamma
  with `amount_p`, `amount_q`, `amount_gamma` (CNY).
* All this happens in the time that buyers feel (`season.py`), in which a day of a
  sale is long: the calendar has seasons, and customers keep their rhythm.
* From `lists_since` on, the company contacts whom the warehouse's own lists name
  (`lists.py`), and so holds out whom they hold out. What it causes decides who
  is on the next list.
* `uplift` is the number of additional orders that one contact causes within
  30 days, by kind of campaign: real for `activation`, real but too small to
  detect for `vip_maintenance`, 0 for `wake_up`. Additional orders change nothing
  else in a customer's life.
* One campaign has `arms`, and the sale (`mass_promotion`) no strategy. Both
  hold out customers by a draw of their own, a hash of campaign and customer.
  Redemptions also come from orders that would have happened anyway, so they
  prove nothing about a campaign.
* The campaign `win_back`, at `broken_month_end`, states `broken_control_share`
  and held out the wrong customers: the `broken_share` of its audience whose
  last purchase was longest ago. It causes nothing but looks like a success, so
  the estimate must be withheld.
* In the `low_csat_days` days after a ticket that was rated 1 or 2 is
  resolved, a purchase that was due happens only with the probability
  `low_csat_order_share`; the others are lost.
* The amounts of an order's lines add up to its own. A product has one price, few
  sell often; the margin before discounts, and how often a line comes back, are
  those of the category (`goods.CATALOG`).
* Member levels are earned by spending (`customers.LEVELS`).
* `CASES` lists every awkward row and what must become of it.
"""
