-- Yield of all units of a plant: the mean of the batches' rates would weigh a small batch like a large one.
select
    plant,
    count(*) as manufacturing_batches,
    sum(good_quantity) as good_units,
    cast(sum(good_quantity) / nullif(sum(produced_quantity), 0) as numeric(18, 6)) as yield_rate
from marts.fct_batch_performance
group by plant
order by plant;
