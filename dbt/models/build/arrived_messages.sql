-- What came in, as this build counts it: the messages and appends that no build has taken, and older messages whose class
-- depends on who came first. One that was taken before may be among the first: counting it again changes nothing.
{% set incremental = is_incremental_build() %}
{% set quarantine = arrived_bronze('quarantine') if incremental else bronze('quarantine') %}
{% set batches = arrived_bronze('batches') if incremental else bronze('batches') %}
{% set place = 'topic, "partition", "offset"' %}
with arrived as (
    select distinct
        topic, "partition", "offset", {{ epoch_ms('seen_at') }} as arrived_ms, source, class, reason,
        coalesce(raw_sha256, {{ sha256_hex('raw') }}) as digest
    from {{ quarantine }}
),

refused as (
    select {{ place }}, arrived_ms, source, class, reason, digest, true as is_arrived
    from arrived
    {% if incremental %}
    union all
    select {{ place }}, arrived_ms, source, class, reason, digest, false
    from {{ previous('arrivals', 'silver') }} h
    where digest in (select digest from arrived)
      and not exists (select 1 from arrived a where a.topic = h.topic and a."partition" = h."partition" and a."offset" = h."offset")
    {% endif %}
),

-- Bytes that came on the same or the previous UTC day already are a duplicate. What was one is no reason for the next day:
-- of the days in a row on which they came, every other one begins anew.
days as (
    select *, day_no - dense_rank() over (partition by digest order by day_no) as run
    from (select *, {{ int_div('arrived_ms', 86400000) }} as day_no from refused) dated
),

judged as (
    select
        *,
        (day_no - min(day_no) over (partition by digest, run)) % 2 = 0
            and row_number() over (partition by digest, day_no order by arrived_ms, topic, "partition", "offset") = 1 as came_first
    from days
),

messages as (
    select distinct
        {{ place }}, ingested_ms as arrived_ms, source, 'accepted' as class, cast(null as varchar) as reason,
        cast(null as varchar) as digest, not came_first as is_repeat, cast(1 as bigint) as n, is_arrived
    from {{ ref('arrived_events') }}
    union all
    select {{ place }}, arrived_ms, source, class, reason, digest, not came_first, 1, is_arrived
    from judged
    union all
    -- Rows that correct the sums after a replay have no place: what they say is known from the messages.
    select distinct {{ place }}, {{ epoch_ms('received_at') }}, source, 'read', null, null, false, "read", true
    from {{ batches }}
    where "offset" is not null
)

select
    {{ place }},
    cast({{ ms_to_timestamp('arrived_ms') }} as date) as day,
    {{ ms_to_timestamp(int_div('arrived_ms', 3600000) ~ ' * 3600000') }} as hour,
    arrived_ms, source, class, reason, digest, is_repeat, n, is_arrived
from messages
