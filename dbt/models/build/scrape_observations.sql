{{ config(meta={'families': ['orchestrator_scrape', 'network_capabilities']}) }}
-- depends_on: {{ ref('changed_scrape_hours') }}
-- What the scraper found in the rounds of this build's hours: whose each URL is, and whether the round is masked
-- (docs/kpis.md §6). The hour before each is read too: a round that reaches far fewer than it did is cut off.
with readable as (
    select
        event_key, event_id, envelope_ms, url, kind, round_targets, is_reachable,
        not is_reachable and coalesce(error_class in ('refused_url', 'refused_address'), false) as is_refused,
        response_ms, capacity_total, capacity_used, capacity_available, runners, gpus,
        row_number() over (partition by envelope_ms, url order by event_id) as choice
    from {{ ref('scrapes') }}
    where is_readable and ({{ of_changed_scrape_hours('envelope_ms') }} or {{ of_changed_scrape_hours('envelope_ms + ' ~ var('scrape_memory_ms')) }})
),

observed as (
    select r.*, p.address as orchestrator
    from readable r
    left join {{ ref('url_periods') }} p
        on p.url = r.url and p.wallet is null
        and p.hour_no = {{ int_div('r.envelope_ms', 3600000) }}
        and r.envelope_ms between p.from_ms and p.to_ms
    where r.choice = 1
),

rounds as (
    select envelope_ms, count(*) >= max(round_targets) as is_whole
    from observed
    group by envelope_ms
),

parties as (
    select envelope_ms, coalesce(orchestrator, url) as party, bool_or(is_reachable) as is_reached
    from observed
    where kind = 'orchestrator' and not is_refused
    group by envelope_ms, coalesce(orchestrator, url)
),

remembered as (
    select
        p.envelope_ms, p.is_reached,
        coalesce(p.envelope_ms - max(case when p.is_reached and r.is_whole then p.envelope_ms end) over (
            partition by p.party order by p.envelope_ms rows between unbounded preceding and 1 preceding
        ) <= {{ var('scrape_memory_ms') }}, false) as was_reached
    from parties p
    join rounds r on r.envelope_ms = p.envelope_ms
),

reach as (
    select
        r.envelope_ms,
        count(p.envelope_ms) as parties,
        count(*) filter (where p.is_reached) as reached,
        count(*) filter (where p.was_reached) as known,
        count(*) filter (where p.was_reached and p.is_reached) as held
    from rounds r
    left join remembered p on p.envelope_ms = r.envelope_ms
    group by r.envelope_ms
),

-- A scraper that reached nobody for an hour is believed.
judged as (
    select
        r.envelope_ms,
        not r.is_whole
            or (c.parties >= {{ var('scrape_parties') }} and c.reached = 0
                and not coalesce(max(case when r.is_whole then c.reached end) over (
                    order by r.envelope_ms range between {{ var('scrape_memory_ms') }} preceding and 1 preceding
                ) = 0, false))
            or (c.known >= {{ var('scrape_parties') }} and 2 * c.held < c.known) as is_masked
    from rounds r
    join reach c on c.envelope_ms = r.envelope_ms
)

select
    o.event_key, o.envelope_ms,
    {{ ms_to_timestamp(int_div('o.envelope_ms', 3600000) ~ ' * 3600000') }} as hour,
    o.orchestrator, o.url, o.kind, o.is_reachable, o.is_refused,
    j.is_masked,
    o.response_ms, o.capacity_total, o.capacity_used, o.capacity_available, o.runners, o.gpus
from observed o
join judged j on j.envelope_ms = o.envelope_ms
where {{ of_changed_scrape_hours('o.envelope_ms') }}
