{{ days_and_states(ref('user_activity_changes')) }}

select
    days.snapshot_day,
    states.activity_type,
    states.user_id,
    states.valid_from,
    states.event_id
from days
inner join states on {{ held_at_the_end_of_the_day() }}
