-- What this build has to work on: the events that no build has taken and, where one of them repeats an older event,
-- that event too, so that the copy that stays does not depend on who came first. An event that was taken before may be
-- among the first: taking it again changes nothing.
{% set incremental = is_incremental_build() %}
{% set bronze = bronze('events') %}
{% set arrived = arrived_bronze('events') if incremental else bronze %}
{% set repeated = [] %}
{# Which rows repeat: asked first of the few columns that tell, so that messages are read of these rows alone. #}
{% set days = day_spans(arrived) if incremental else [] %}
{% if days %}
  {% set older = on_days(bronze, days) %}
  {% set is_copy %}
      b.event_id in (select event_id from {{ arrived }})
      and not exists (
          select 1 from {{ arrived }} a
          where a.topic = b.topic and a."partition" = b."partition" and a."offset" = b."offset"
      )
  {% endset %}
  {% set repeated = offset_spans(older, is_copy) %}
{% endif %}
{% set columns %}
    b.event_id,
    {{ epoch_ms('b.envelope_time') }} as envelope_ms,
    {{ epoch_ms('b.event_time') }} as event_ms,
    {{ epoch_ms('b.ingested_at') }} as ingested_ms, b.source,
    b.type, b.subtype, b.gateway, b.stream_id, b.request_id, b.data, b.envelope, b.data_at,
    b.topic, b."partition", b."offset"
{% endset %}

with arrived as (
    select {{ columns }}, true as is_arrived
    from {{ arrived }} b
),

{% if repeated %}
repeated as (
    select {{ columns }}, false as is_arrived
    from {{ older }} b
    where {{ in_offset_spans('b', repeated) }} and {{ is_copy }}
),
{% endif %}

copies as (
    select
        *,
        {{ readable_json('data') }} as json,
        cast({{ ms_to_timestamp('envelope_ms') }} as date) as day,
        event_id || '@' || cast({{ int_div('envelope_ms', 86400000) }} as varchar) as event_key
    from (
        select * from arrived
        {% if repeated %}
        union all
        select * from repeated
        {% endif %}
    ) both_ages
),

-- Only keys that repeat are ordered: the message text is heavy to sort by.
contested as (
    select event_key from copies group by event_key having count(*) > 1
),

ranked as (
    select
        c.topic, c."partition", c."offset",
        row_number() over (
            partition by c.event_key
            order by
                c.envelope_ms,
                case when c.data_at is null then c.envelope
                     else substr(c.envelope, 1, c.data_at) || c.data || substr(c.envelope, c.data_at + 1) end,
                c."offset"
        ) as rank,
        -- Not row_number: a row that was committed twice is one message.
        dense_rank() over (partition by c.event_key order by c.ingested_ms, c.topic, c."partition", c."offset") as arrival
    from copies c
    where c.event_key in (select event_key from contested)
),

read as (
    select
        c.event_key, c.event_id, c.day,
        c.type, c.subtype, c.gateway, c.stream_id, c.request_id,
        c.event_ms, c.envelope_ms, c.ingested_ms, c.source,
        c.topic, c."partition", c."offset",
        c.is_arrived,
        coalesce(r.arrival, 1) = 1 as came_first,
        coalesce(r.rank, 1) = 1 as is_kept,
        case c.type
            {% for family in ['stream_trace', 'ai_stream_status', 'ai_stream_events', 'stream_ingest_metrics', 'create_new_payment', 'create_signed_ticket', 'orchestrator_scrape'] %}
            when '{{ family }}' then {{ json_texts('c.json', event_fields(family).values()) }}
            {% endfor %}
        end as fields,
        c.json as data
    from copies c
    left join ranked r
        on r.topic = c.topic and r."partition" = c."partition" and r."offset" = c."offset"
)

select
    event_key, event_id, day,
    type, subtype, gateway, stream_id, request_id,
    event_ms, envelope_ms, ingested_ms, source,
    topic, "partition", "offset",
    is_arrived, came_first, is_kept, fields,
    -- An address is a text; a number or an object in its place counts as empty. Those don't look like one.
    case
        when type not in ('stream_trace', 'ai_stream_status', 'ai_stream_events') or {{ event_field('stream_trace', 'address') }} is null then false
        when {{ event_field('stream_trace', 'address') }} = '' or {{ event_field('stream_trace', 'address') }} like '0x%' then true
        else {{ json_is_text('data', '$.orchestrator_info.address') }}
    end as address_is_text,
    case when type in ('network_capabilities', 'discovery_results', 'stream_ingest_metrics', 'orchestrator_scrape') then data end as data
from read
