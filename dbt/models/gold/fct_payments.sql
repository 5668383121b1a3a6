-- depends_on: {{ ref('changed_payments') }}
-- depends_on: {{ ref('hours_before') }}
{{ config(meta={'replaces': {'columns': ['event_key'], 'by': 'replaced_payments'}}) }}
with payments as (
    select * from {{ ref('payments') }}
    where {{ of_changed_payments('event_key') }}
),

-- A request is named by its request_id alone: the same rule as for messages without a stream_id.
named as (
    select request_id, stream_id, min(envelope_ms) as first_ms
    from (
        select request_id, stream_id, envelope_ms from {{ ref('traces') }} where stream_id is not null
        union all
        select request_id, stream_id, envelope_ms from {{ ref('statuses') }} where stream_id is not null
        union all
        select request_id, stream_id, envelope_ms from {{ ref('stream_events') }} where stream_id is not null
        union all
        select request_id, stream_id, envelope_ms from {{ ref('ingest_metrics') }} where stream_id is not null
    ) messages
    where request_id in (select named_request_id from payments)
    group by request_id, stream_id
),

matched as (
    select p.event_key, min(n.stream_id) as stream_id
    from payments p
    join named n
        on n.request_id = p.named_request_id
        and n.first_ms between p.envelope_ms - {{ var('stream_id_before_ms') }} and p.envelope_ms + {{ var('stream_id_after_ms') }}
    group by p.event_key
    having count(*) = 1
)

select
    p.event_key, p.event_id,
    {{ ms_to_timestamp('p.event_ms') }} as paid_at,
    {{ ms_to_timestamp(int_div('p.event_ms', 3600000) ~ ' * 3600000') }} as hour,
    cast({{ ms_to_timestamp('p.event_ms') }} as date) as day,
    r.stream_id, r.request_id,
    case when r.request_id is not null then r.gateway else coalesce(p.gateway, '') end as gateway,
    case when r.request_id is not null then r.region else g.region end as region,
    case when r.request_id is not null then r.orchestrator else u.address end as orchestrator,
    case when r.request_id is not null then r.model else p.model end as model,
    r.pipeline, r.gpu, r.gpu_id,
    p.url, p.recipient, p.price,
    coalesce(p.computed_fee_eth, p.face_value_eth * p.win_probability * p.tickets) as fees_eth
from payments p
left join matched m on m.event_key = p.event_key
left join {{ ref('fct_requests') }} r on r.request_id = p.named_request_id and r.stream_id = m.stream_id
left join {{ ref('url_periods') }} u
    on u.url = p.url and u.wallet is null
    and u.hour_no = {{ int_div('p.envelope_ms', 3600000) }}
    and p.envelope_ms between u.from_ms and u.to_ms
left join {{ ref('regions') }} g on g.suffix = {{ gateway_suffix('p.gateway') }}
