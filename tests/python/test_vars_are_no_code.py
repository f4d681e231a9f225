"""What a var says is a value and no SQL; test_inputs.py has the refusals."""

from warehouse import Warehouse

CUSTOMERS = "customer_id,registered_at\nc1,2025-01-01\n"
ORDERS = """\
order_id,customer_id,ordered_at,order_status,order_amount
o1,c1,2025-02-01,Client's choice,10.00
o2,c1,2025-02-02,paid,10.00
o3,o'brien,2025-02-03,paid,10.00
o4,n'a,2025-02-04,paid,10.00
"""
TICKETS = """\
ticket_id,customer_id,created_at,ticket_status
t1,c1,2025-02-01,won't fix
"""


def test_a_quote_ends_no_text(tmp_path):
    """A quote in each list of texts, and in the salt."""
    warehouse = Warehouse(
        tmp_path,
        cst_enabled_sources=["customer", "order", "ticket"],
        cst_valid_order_statuses=["paid", "client's choice"],
        cst_final_order_statuses=["it's over"],
        cst_nobody_ids=["O'Brien"],
        cst_null_texts=["n'a"],
        service_closed_ticket_statuses=["won't fix"],
        retention_salt="it's a draw",
    )
    for name, text in (
        ("ods_cst_customer", CUSTOMERS), ("ods_trd_order", ORDERS),
        ("ods_svc_ticket", TICKETS),
    ):
        (warehouse.ods / f"{name}.csv").write_text(text)
    result = warehouse.build(
        "+int_cst_purchases", "+int_cst_service_events",
        "+dws_cst_retention", "+int_cst_flagged_rows",
    )
    assert result.returncode == 0, result.text[-1500:]
    assert warehouse.rows(
        "select order_id from cst_intermediate.int_cst_purchases order by all"
    ) == [("o1",), ("o2",)]
    assert warehouse.rows(
        """
        select source_key, flag_code
        from cst_intermediate.int_cst_flagged_rows
        where source_name = 'order' order by all
        """
    ) == [
        ("o3", "guest_order"), ("o3", "nobody_id"),
        ("o4", "guest_order"), ("o4", "null_text"),
    ]
