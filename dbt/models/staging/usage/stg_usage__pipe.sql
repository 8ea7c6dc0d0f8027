select
    pipe_name,
    started_at,
    billed_bytes,
    credits
from {{ source('usage', 'account_pipes') }}
