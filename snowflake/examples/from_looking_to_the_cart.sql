-- Users who put something into the cart right after they had looked at it, by day.
select
    event_day,
    count(distinct user_id) as users
from marts.user_activity_changes
where
    activity_type = 'ACTIVITY_TYPE_ADD_TO_CART'
    and previous_activity_type = 'ACTIVITY_TYPE_VIEW'
group by event_day
order by event_day;
