-- depends_on: {{ ref('hours_before') }}
-- How far the builds have come, per topic and partition. It is the last model of a build and depends on all others,
-- so it moves only when all of them are through; until then a build is simply done again.
{{ config(
    materialized='table',
    post_hook="delete from {{ ref('hours_before') }}",
) }}
-- depends_on: {{ ref('gold_days') }}
-- depends_on: {{ ref('dim_orchestrators') }}
-- depends_on: {{ ref('dim_models') }}
-- depends_on: {{ ref('dim_gpus') }}
-- depends_on: {{ ref('dim_deploys') }}
-- depends_on: {{ ref('dim_contested_urls') }}
-- depends_on: {{ ref('unattributed_messages') }}
-- depends_on: {{ ref('discoveries') }}
with positions as (
    select topic, "partition", max("offset") + 1 as next_offset, max(least(envelope_ms, ingested_ms)) as watermark_ms
    from {{ ref('arrived_events') }}
    where is_arrived
    group by topic, "partition"
    union all
    -- A lake of nothing but refused messages has been read too.
    select topic, "partition", max("offset") + 1, null
    from {{ ref('arrived_messages') }}
    where is_arrived and class <> 'read'
    group by topic, "partition"
    {% if is_incremental_build() %}
    union all
    select topic, "partition", next_offset, {{ epoch_ms('watermark') }}
    from {{ previous('build_state') }}
    {% endif %}
),

waited as (
    -- Nearest rank: of the newest first, the one at 95 %.
    select max(ingested_ms) as since_ms
    from (
        select ingested_ms, sum(n) over (order by ingested_ms desc) as newer, sum(n) over () as n
        from (select ingested_ms, count(*) as n from {{ ref('arrived_events') }} where is_arrived group by ingested_ms) times
    ) ranks
    where newer * 100 >= n * 95
)

select
    topic, "partition",
    max(next_offset) as next_offset,
    {{ ms_to_timestamp('max(max(watermark_ms)) over ()') }} as watermark,
    '{{ invocation_id }}' as build_id,
    {{ ms_to_timestamp('(select since_ms from waited)') }} as arrived_since
from positions
group by topic, "partition"
