-- depends_on: {{ ref('changed_payments') }}
-- depends_on: {{ ref('hours_before') }}
{{ config(meta={'replaces': {'columns': ['event_key'], 'by': 'replaced_payments'}}) }}
with payments as (
    select * from {{ ref('payments') }}
    where {{ of_changed_payments('event_key') }}
),

named as (
    {%- set messages -%}
    (
        {%- for family in ['traces', 'statuses', 'stream_events', 'ingest_metrics'] %}
        select request_id, stream_id, envelope_ms from {{ ref(family) }}
        where stream_id is not null and request_id in (select named_request_id from payments)
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) messages
    {%- endset -%}
    {{ named_requests(messages) }}
),

matched as ({{ only_request('payments', 'named_request_id', 'named') }})

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
