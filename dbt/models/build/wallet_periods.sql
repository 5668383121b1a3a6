-- When reports tie a hot wallet to an address: one row per wallet, address and unbroken stretch of message times
-- for which at least one such report lies in [t − back, t + ahead].
with entries as (
    select
        wallet, address,
        envelope_ms - {{ var('capability_ahead_ms') }} as from_ms,
        envelope_ms + {{ var('capability_back_ms') }} as to_ms
    from {{ ref('capability_entries') }}
    where wallet is not null
      and envelope_ms >= (select from_ms from {{ ref('message_span') }})
      and envelope_ms <= (select to_ms from {{ ref('message_span') }})
    group by wallet, address, envelope_ms
),

starts as (
    select
        *,
        case when from_ms <= lag(to_ms) over (partition by wallet, address order by from_ms) then 0 else 1 end as is_start
    from entries
),

stretches as (
    select *, sum(is_start) over (partition by wallet, address order by from_ms rows unbounded preceding) as stretch
    from starts
)

select wallet, address, min(from_ms) as from_ms, max(to_ms) as to_ms
from stretches
group by wallet, address, stretch
