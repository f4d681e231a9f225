"""Complete Journey: one year of grocery baskets and coupon campaigns."""
