-- depends_on: {{ ref('changed_requests') }}
-- depends_on: {{ ref('changed_payments') }}
-- Hours of the facts that this build is about to replace. It grows until a build is through (see build_state),
-- so that a build that died halfway leaves no hour behind.
{{ config(materialized='incremental', incremental_strategy='append') }}
{% if is_incremental_build() %}
select hour from {{ previous('fct_requests') }} where hour is not null and {{ of_changed_requests('request_id') }}
union
select hour from ({{ inference_parts("(select * from " ~ previous('fct_requests') ~ " where " ~ of_changed_requests('request_id') ~ ") replaced", []) }}) parts
union
select hour from {{ previous('output_samples') }} where {{ of_changed_requests('request_id') }}
union
select hour from {{ previous('fct_payments') }} where {{ of_changed_payments('event_key') }}
{% else %}
select {{ ms_to_timestamp('envelope_ms') }} as hour from {{ ref('arrived_events') }} where false
{% endif %}
