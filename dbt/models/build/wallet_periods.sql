-- When reports tie a hot wallet to an address.
with entries as (
    select wallet, address, envelope_ms
    from {{ ref('capability_entries') }}
    where wallet is not null
      and envelope_ms >= (select from_ms from {{ ref('message_span') }})
      and envelope_ms <= (select to_ms from {{ ref('message_span') }})
)

{{ address_periods('entries', 'wallet') }}
