"""All patches, in the order in which they are applied. Those of one function wrap each other: the last one sees a call first."""

from __future__ import annotations

from warehouse.launcher.account import remembered_account_objects
from warehouse.launcher.account_usage import statements_by_tag
from warehouse.launcher.flatten import flatten_in_place
from warehouse.launcher.merge import (
    merge_in_a_transaction,
    merge_inserts_source_columns,
    merge_refuses_duplicate_source_keys,
)
from warehouse.launcher.once import described_by_the_result, parsed_once
from warehouse.launcher.passes import passes_where_they_apply
from warehouse.launcher.patching import Patch
from warehouse.launcher.pipes import remembered_pipes
from warehouse.launcher.requests import engine_errors_as_sql_errors
from warehouse.launcher.statements import (
    account_level_statements,
    clauses_without_meaning,
    session_answers,
)
from warehouse.launcher.tables import contract_table_as_select, one_table_described, temporary_tables_with_full_names
from warehouse.launcher.values import (
    as_varchar,
    binds_of_typed_clients,
    bounded_result_cache,
    exact_sums,
    no_columns_from_folders,
    null_timestamps,
    try_to_timestamp,
)

PATCHES = tuple(
    Patch(function.__name__, function)
    for function in (
        parsed_once,
        described_by_the_result,
        passes_where_they_apply,
        bounded_result_cache,
        null_timestamps,
        binds_of_typed_clients,
        try_to_timestamp,
        as_varchar,
        exact_sums,
        flatten_in_place,
        no_columns_from_folders,
        temporary_tables_with_full_names,
        contract_table_as_select,
        one_table_described,
        merge_inserts_source_columns,
        merge_refuses_duplicate_source_keys,
        merge_in_a_transaction,
        clauses_without_meaning,
        session_answers,
        account_level_statements,
        remembered_account_objects,
        remembered_pipes,
        statements_by_tag,
        engine_errors_as_sql_errors,
    )
)
