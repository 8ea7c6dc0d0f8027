"""Mails of failures. A task's mail says what failed and why; a run's mail says that a run did not end well and which tasks."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from airflow.providers.smtp.hooks.smtp import SmtpHook
from airflow.providers.smtp.notifications.smtp import SmtpNotifier

from millrace_airflow.settings import Mail

if TYPE_CHECKING:
    from airflow.sdk import Context

_TASK_BODY = """<p>{{ dag.dag_id }}.{{ ti.task_id }} of run {{ run_id | e }} failed in try {{ ti.try_number }}.</p>
<pre>{{ exception | string | e }}</pre>
<p><a href="{{ ti.log_url | e }}">log</a></p>
"""


def of_task(mail: Mail, to: Sequence[str], what: str) -> SmtpNotifier:
    """Called when a task has failed for good, after its last try."""
    return SmtpNotifier(
        smtp_conn_id=mail.connection,
        from_email=mail.sender,
        to=list(to),
        subject=f"[millrace] {what}: {{{{ dag.dag_id }}}}.{{{{ ti.task_id }}}}",
        html_content=_TASK_BODY,
    )


def of_run(mail: Mail, to: Sequence[str]) -> Callable[[Context], None]:
    """Called when a run has failed or has taken too long, even if no task could say so.

    A function and no notifier: a notifier of a whole run is handed a DAG that renders no templates. Airflow calls it with
    little: where no task has run yet there is neither a task nor the run's own object in the context.
    """

    def tell(context: Context) -> None:
        dag_id, run_id = context["dag"].dag_id, context["run_id"]
        task = context.get("ti")
        last = "" if task is None else f"<p>Its last task is {html.escape(task.task_id)}.</p>"
        with SmtpHook(smtp_conn_id=mail.connection) as smtp:
            smtp.send_email_smtp(
                from_email=mail.sender,
                to=list(to),
                subject=f"[millrace] run failed: {dag_id}",
                html_content=f"<p>Run {html.escape(run_id)} of {dag_id}: {html.escape(str(context.get('reason')))}.</p>{last}",
            )

    return tell
