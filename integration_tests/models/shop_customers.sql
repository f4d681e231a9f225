select
    kunde as customer_id,
    cast(angelegt as timestamp) as registered_at,
    cast(angelegt as timestamp) as updated_at,
    ort as city,
    case werbung when 'ja' then 'true' when 'nein' then 'false' end
        as contact_consent,
    concat(lower(kunde), '@example.com') as email,
    'false' as is_deleted

from {{ ref('raw_kunden') }}
