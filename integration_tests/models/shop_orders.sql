select
    bestellung as order_id,
    kunde as customer_id,
    cast(zeit as timestamp) as ordered_at,
    cast(zeit as timestamp) as updated_at,
    case stand when 'bezahlt' then 'paid' when 'storniert' then 'cancelled' end
        as order_status,
    cast(betrag as decimal(18, 2)) as order_amount,
    'EUR' as currency_code

from {{ ref('raw_bestellungen') }}
