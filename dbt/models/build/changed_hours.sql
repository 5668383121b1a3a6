-- depends_on: {{ ref('hours_before') }}
-- depends_on: {{ ref('changed_requests') }}
-- depends_on: {{ ref('changed_payments') }}
-- Hours whose groups this build makes anew: of the facts before and after.
{% if is_incremental_build() %}
select hour from {{ ref('hours_before') }}
union
select hour from {{ ref('fct_requests') }} where hour is not null and {{ of_changed_requests('request_id') }}
union
select hour from ({{ inference_parts("(select * from " ~ ref('fct_requests') ~ " where " ~ of_changed_requests('request_id') ~ ") made", []) }}) parts
union
select hour from {{ ref('output_samples') }} where {{ of_changed_requests('request_id') }}
union
select hour from {{ ref('fct_payments') }} where {{ of_changed_payments('event_key') }}
{% else %}
select hour from {{ ref('fct_requests') }} where hour is not null
union
select hour from ({{ inference_parts(ref('fct_requests'), []) }}) parts
union
select hour from {{ ref('output_samples') }}
union
select hour from {{ ref('fct_payments') }}
{% endif %}
