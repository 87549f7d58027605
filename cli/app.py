"""The program: its commands by name, each imported when it is called."""

from cyclopts import App

from cli.examples import EXAMPLES
from cli.help_format import HelpFormat

_WHERE = {
    "up": "cli.commands.up:up",
    "demo": "cli.commands.demo:demo",
    "import": "cli.commands.import_file:import_file",
    "status": "cli.commands.status:status",
    "imports": "cli.commands.imports:imports",
    "failures": "cli.commands.failures:failures",
    "correct": "cli.commands.correct:correct",
    "retry": "cli.commands.retry:retry",
    "cancel": "cli.commands.cancel:cancel",
    "undo": "cli.commands.undo:undo",
    "close": "cli.commands.close:close",
    "jobs": "cli.commands.jobs:jobs",
    "accounts": "cli.commands.accounts:accounts",
    "history": "cli.commands.history:history",
    "waiting": "cli.commands.waiting:waiting",
    "unclosed": "cli.commands.unclosed:unclosed",
    "projects": "cli.commands.projects:projects",
    "target": "cli.commands.target:target",
    "reconcile": "cli.commands.reconcile:reconcile",
    "lag": "cli.commands.lag:lag",
    "replay": "cli.commands.replay:replay",
    "verify": "cli.commands.verify:verify",
    "export": "cli.commands.export:export",
    "restore": "cli.commands.restore:restore",
    "parked": "cli.commands.parked:parked",
    "token": "cli.commands.token:token",
    "completion": "cli.commands.completion:completion",
}

_GROUPS = frozenset({"export", "jobs", "parked", "projects", "replay", "target", "token"})
"""Commands with commands of their own: they bring their App."""

app = App(
    name="course-accounts",
    help="Temporary accounts for a whole course, from a CSV file.",
    version="course-accounts 0.1.0",
    help_formatter=HelpFormat(),
    help_format="plaintext",
    help_prologue=EXAMPLES[""],
    result_action="return_value",
)

for _position, (_name, _path) in enumerate(_WHERE.items()):
    if _name in _GROUPS:
        app.command(_path, name=_name, sort_key=_position)
    else:
        app.command(_path, name=_name, sort_key=_position, help_prologue=EXAMPLES[_name])
