-- Which capability entry speaks for a URL, and when: to all, and to the messages of one hot wallet where entries of
-- the URL name several (where they name one, the two are the same).
with entries as (
    select
        url, wallet, envelope_ms, event_id, event_key, idx, address, is_contested,
        min(coalesce(wallet, '')) over (partition by url) <> max(coalesce(wallet, '')) over (partition by url) as is_shared
    from {{ ref('capability_entries') }}
    where url is not null
      and envelope_ms >= (select from_ms from {{ ref('message_span') }})
      and envelope_ms <= (select to_ms from {{ ref('message_span') }})
),

entries_of_wallets as (
    select
        url, wallet, envelope_ms, event_id, event_key, idx, address,
        min(address) over (partition by event_key, url, wallet) <> max(address) over (partition by event_key, url, wallet) as is_contested
    from entries
    where is_shared and wallet is not null
),

periods as (
    select url, cast(null as varchar) as wallet, event_key, idx, address, is_contested, from_ms, to_ms, hour_no
    from ({{ report_periods('entries', ['url'], ['event_key', 'idx', 'address', 'is_contested']) }}) of_all
    union all
    select url, wallet, event_key, idx, address, is_contested, from_ms, to_ms, hour_no
    from ({{ report_periods('entries_of_wallets', ['url', 'wallet'], ['event_key', 'idx', 'address', 'is_contested']) }}) of_wallets
)

select
    url, wallet, event_key, idx,
    case when not is_contested then address end as address,
    is_contested, from_ms, to_ms, hour_no
from periods
