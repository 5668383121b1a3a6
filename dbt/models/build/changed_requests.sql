-- depends_on: {{ ref('traces') }}
-- depends_on: {{ ref('statuses') }}
-- The request ids whose facts this build makes anew. Everything that decides a request is found by its request_id,
-- but for capability reports, which touch the requests of the URLs and wallets that they name, and the watermark,
-- which ends the wait for requests that were still running. A full build makes all requests and needs no list.
{% if is_incremental_build() %}
with arrived as (
    select distinct request_id from {{ ref('arrived_events') }} where request_id is not null
),

entries as (
    {{ explode_json_array(
        "(select * from " ~ ref('arrived_events') ~ " where type = 'network_capabilities') reports",
        array_or_one('data'), ['envelope_ms']) }}
),

told as (
    select envelope_ms, {{ json_text('value', '$.orch_uri') }} as url, {{ json_text('value', '$.local_address') }} as wallet
    from entries
),

reports as (
    select envelope_ms, {{ normal_url('url') }} as url, {{ normal_address('wallet') }} as wallet
    from told
),

spans as (
    select kind, named, min(envelope_ms) - {{ var('capability_ahead_ms') }} as from_ms, max(envelope_ms) + {{ var('capability_back_ms') }} as to_ms
    from (
        select 'url' as kind, url as named, envelope_ms from reports where url is not null
        union all
        select 'wallet', wallet, envelope_ms from reports where wallet is not null
    ) named
    group by kind, named
),

speakers as (
    select request_id, url, address, envelope_ms from {{ ref('traces') }} where url is not null or address is not null
    union all
    select request_id, url, address, envelope_ms from {{ ref('statuses') }} where url is not null or address is not null
),

reported as (
    select m.request_id
    from speakers m
    join spans s on s.kind = 'url' and s.named = m.url and m.envelope_ms between s.from_ms and s.to_ms
    union
    select m.request_id
    from speakers m
    join spans s on s.kind = 'wallet' and s.named = m.address and m.envelope_ms between s.from_ms and s.to_ms
),

running as (
    select request_id from {{ previous('fct_requests') }} where outcome = 'running'
)

select request_id from arrived
union
select request_id from reported
union
select request_id from running
{% else %}
select request_id from {{ ref('arrived_events') }} where false
{% endif %}
