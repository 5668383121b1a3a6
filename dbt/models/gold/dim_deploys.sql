{{ config(materialized='table', meta={'families': ['network_capabilities']}) }}
select
    address as orchestrator, model, runner_version,
    {{ ms_to_timestamp('min(envelope_ms)') }} as first_seen_at
from {{ ref('capability_models') }}
where runner_version is not null and not is_contested
group by address, model, runner_version
