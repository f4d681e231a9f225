"""The sample extract: seven ODS tables of an invented shop, with known truths.

The same seed gives the same bytes. Only the standard library is used.

What is planted (`World` holds the numbers, tests build other worlds):

* Purchases follow BG/NBD: a buyer's weekly rate is Gamma(shape
  `rate_shape`, rate `rate_weeks`), the chance of leaving for good after each
  purchase is Beta(`leave_a`, `leave_b`). Order amounts follow Gamma-Gamma
  with `amount_p`, `amount_q`, `amount_gamma` (CNY).
* `uplift` is the number of additional orders that one contact causes within
  30 days, by strategy: 0.45 for `activation`, 0.05 for `vip_maintenance`
  (real, but too small to detect with this many customers), 0 for `wake_up`
  and for the campaign outside the strategies. Additional orders change
  nothing else in a customer's life.
* A share `control_share` of every campaign's audience is held out, by a hash
  of campaign and customer. Redemptions also come from orders that would have
  happened anyway, so they prove nothing about a campaign.
* One more campaign of `wake_up`, at `broken_month_end`, held out the wrong
  customers: the `broken_share` of its audience whose last purchase was longest
  ago. It causes nothing but looks like a success, so the estimate must be
  withheld.
* In the `low_csat_days` days after a ticket that was rated 1 or 2 is
  resolved, a purchase that was due happens only with the probability
  `low_csat_order_share`; the others are lost.
* `CASES` lists every awkward row and what must become of it.
"""
