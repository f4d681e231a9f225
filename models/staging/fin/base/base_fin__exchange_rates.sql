{#- The text that orders are judged by, so that both know the same rates. -#}
with

validated_rows as (
    {{ judged_exchange_rates() }}
)

select * from validated_rows
