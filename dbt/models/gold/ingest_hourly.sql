-- How many messages came in, per hour, source and class (docs/kpis.md §1). A duplicate is what silver drops or the log did:
-- of what an append brought, whatever the lake doesn't hold. So a gate that remembers nothing gives the same sums.
{{ config(meta={'replaces': {'columns': ['hour'], 'by': 'arrival_hours'}}) }}
with held as (
    select
        hour, source,
        case when is_repeat then 'duplicate' else class end as class,
        case when not is_repeat then reason end as reason,
        sum(n) as n
    from {{ ref('arrivals') }}
    where {{ of_arrival_hours('hour') }}
    group by 1, 2, 3, 4
),

counted as (
    select * from held where class <> 'read'
    union all
    select hour, source, 'duplicate', null, sum(case when class = 'read' then n else -n end)
    from held
    group by hour, source
    -- Below 0 while the append is not in the lake yet.
    having sum(case when class = 'read' then n else -n end) > 0
)

select hour, cast(hour as date) as day, source, class, reason, cast(sum(n) as bigint) as n
from counted
group by hour, source, class, reason
