-- The messages of this build's requests, each with its request, whether it is late, its place in the order of
-- docs/kpis.md (envelope, then id) and, for traces and statuses, the orchestrator that it resolves to.
-- Traces and statuses resolve to an orchestrator: by the report that speaks for their URL (to their hot wallet, if one
-- does, else to all) …
with with_report as (
    select
        m.*,
        case when w.url is not null then w.address else p.address end as reported_address,
        case when w.url is not null then w.is_contested else p.is_contested end as is_contested,
        coalesce(w.event_key || '#' || cast(w.idx as varchar), p.event_key || '#' || cast(p.idx as varchar)) as entry_key
    from (
        select *, case when kind in ('trace', 'status') then url end as speaking_url
        from {{ ref('attributed_messages') }}
    ) m
    left join {{ ref('url_periods') }} p
        on p.url = m.speaking_url
        and p.hour_no = {{ int_div('m.envelope_ms', 3600000) }}
        and m.envelope_ms between p.from_ms and p.to_ms
        and p.wallet is null
    left join {{ ref('url_periods') }} w
        on w.url = m.speaking_url and w.wallet = m.address
        and w.hour_no = {{ int_div('m.envelope_ms', 3600000) }}
        and m.envelope_ms between w.from_ms and w.to_ms
),

-- … else by their hot wallet, when all reports tie it to one address.
by_wallet as (
    select m.address, m.envelope_ms, min(w.address) as owner_address
    from (
        select distinct address, envelope_ms
        from with_report
        where kind in ('trace', 'status') and is_contested is null and address is not null
    ) m
    join {{ ref('wallet_periods') }} w
        on w.wallet = m.address
        and m.envelope_ms between w.from_ms and w.to_ms
    group by m.address, m.envelope_ms
    having count(distinct w.address) = 1
),

placed as (
    select
        *,
        row_number() over of_request as position,
        envelope_ms - lag(envelope_ms) over of_request > {{ var('request_gap_ms') }} as is_after_gap
    from with_report
    window of_request as (partition by request_id, stream_id order by envelope_ms, event_id)
),

gaps as (
    select request_id, stream_id, min(position) as late_from
    from placed
    where stream_id is not null and is_after_gap
    group by request_id, stream_id
)

select
    m.kind, m.event_key, m.stream_id, m.request_id, m.position,
    coalesce(m.position >= g.late_from, false) as is_late,
    m.subtype, m.event_ms, m.envelope_ms, m.gateway, m.url, m.model, m.message,
    case
        when m.kind in ('trace', 'status') and not coalesce(m.is_contested, false) then coalesce(m.reported_address, w.owner_address, m.address)
    end as orchestrator,
    case
        when m.kind not in ('trace', 'status') then null
        when m.is_contested then 'contested'
        when coalesce(m.reported_address, w.owner_address) is not null then 'canonical'
        when m.address is not null then 'reported'
    end as identity,
    case when not m.is_contested then m.entry_key end as entry_key,
    m.state, m.fps, m.start_ms, m.state_update_ms, m.sent_ms, m.last_output_ms, m.last_restart_ms
from placed m
left join gaps g on g.request_id = m.request_id and g.stream_id = m.stream_id
left join by_wallet w
    on m.is_contested is null and w.address = m.address and w.envelope_ms = m.envelope_ms
