"""What every help page begins with: examples to copy."""

_COMMANDS: dict[str, tuple[tuple[str, str], ...]] = {
    "": (
        ("course-accounts up", "start everything on this machine"),
        ('course-accounts import course.csv --project "Course A" --wait', "create the accounts"),
        ("course-accounts failures IMPORT > fixed.csv", "what failed, as a file to correct"),
    ),
    "up": (
        ("course-accounts up", "start everything, stay until Ctrl-C"),
        ("course-accounts up --status", "show addresses of what runs, and sign in"),
        ("course-accounts up --copies provisioner=2 --port 8100", ""),
        (
            (
                "course-accounts up --account-service https://accounts.example.org/api/ \\\n"
                "      --account-service-token-url https://accounts.example.org/token"
            ),
            "",
        ),
    ),
    "demo": (
        ("course-accounts demo", "start everything, import 300 rows, stay until Ctrl-C"),
        ("course-accounts demo --once", "the same, and end"),
    ),
    "import": (
        ('course-accounts import course.csv --project "Course A"', "look, confirm, submit"),
        ("course-accounts import course.csv -p course-a --wait --timeout 10m", "stay until the end"),
        ("course-accounts import course.csv -p course-a --wait --json | tail -1", "the result for a script"),
        ("course-accounts import course.csv -p course-a --dry-run", "only look"),
        ("course-accounts import list.csv -p course-a --encoding windows-1257 --delimiter semicolon", ""),
        ("course-accounts import list.csv -p course-a --no-header --email-column 2", ""),
        ("course-accounts import --paste -p course-a < copied.txt", "a column, or a mail's To:"),
    ),
    "status": (
        ("course-accounts status 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", ""),
        ("course-accounts status 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --wait", "stay until the end"),
    ),
    "imports": (
        ("course-accounts imports --project course-a", ""),
        ("course-accounts imports --state running --state undoing", ""),
        ("course-accounts imports --source topic --after 2026-11-01 --json", ""),
    ),
    "failures": (
        ("course-accounts failures 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 > fixed.csv", ""),
        ("course-accounts import fixed.csv --project course-a --wait", "after correcting it"),
    ),
    "correct": (
        ("course-accounts correct 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 12 --email ada@example.org", "row 12"),
        ("course-accounts correct 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --line 14 --email ada@example.org", ""),
    ),
    "retry": (
        ("course-accounts retry --import 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --all --wait", ""),
        (
            "course-accounts retry --import 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --code REFUSED --dry-run",
            "only count",
        ),
        ("course-accounts retry --import 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --row 12 --row 14", ""),
        ("course-accounts retry 7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a29 --wait", ""),
    ),
    "cancel": (
        ("course-accounts cancel 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", ""),
        ('course-accounts cancel 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --reason "wrong course" --wait', ""),
    ),
    "undo": (
        ("course-accounts undo 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --dry-run", "only count"),
        ("course-accounts undo 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --wait", "count, ask, close, tell"),
        ("course-accounts undo 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --yes --json", "for a script"),
    ),
    "close": (
        ("course-accounts close 7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a29 --wait", "one account"),
        ("course-accounts close --project course-a --dry-run", "only count"),
        ('course-accounts close --project course-a --reason "cancelled"', "count, ask, close"),
        ("course-accounts close --import 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --yes --json", "for a script"),
    ),
    "jobs": (
        ("course-accounts jobs list", ""),
        ("course-accounts jobs show 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --wait", ""),
    ),
    "jobs list": (
        ("course-accounts jobs list", ""),
        ("course-accounts jobs list --limit 5 --json", ""),
    ),
    "jobs show": (
        ("course-accounts jobs show 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", ""),
        ("course-accounts jobs show 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --wait", "stay until it is over"),
    ),
    "jobs cancel": (("course-accounts jobs cancel 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", ""),),
    "accounts": (
        ("course-accounts accounts --project course-a", ""),
        ("course-accounts accounts --state Erred --state Pending", ""),
        ("course-accounts accounts --email example.org --json", ""),
    ),
    "history": (
        ("course-accounts history ada@example.org --project course-a", ""),
        ("course-accounts history 7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a29 --json", "for a script"),
    ),
    "waiting": (
        ("course-accounts waiting", ""),
        ("course-accounts waiting --json", "for a script"),
    ),
    "lag": (
        ("course-accounts lag", ""),
        ("course-accounts lag --json", "for a script"),
    ),
    "unclosed": (
        ("course-accounts unclosed", "nothing should be there for long"),
        ("course-accounts unclosed --project course-a --json", ""),
    ),
    "reconcile": (
        ("course-accounts reconcile", "nothing should be there"),
        ("course-accounts reconcile --json", "for a script"),
    ),
    "projects": (
        ("course-accounts projects list", ""),
        ('course-accounts projects add "Course A" --until 2026-12-18 --manager USER', ""),
        ("course-accounts projects extend course-a --until 2027-01-29", ""),
    ),
    "projects add": (
        ('course-accounts projects add "Course A" --until 2026-12-18 --manager USER', ""),
        ('course-accounts projects add "Course A" --slug course-a --from 2026-09-01 --until 2026-12-18', ""),
    ),
    "projects set": (
        ('course-accounts projects set course-a --name "Course A, autumn"', ""),
        ("course-accounts projects set course-a --manager USER --manager OTHER", "these and no others"),
    ),
    "projects extend": (
        ("course-accounts projects extend course-a --until 2027-01-29", ""),
        ("course-accounts projects extend course-a --until 2027-01-29T16:00:00Z --json", ""),
    ),
    "projects end": (("course-accounts projects end course-a", "now; its accounts are closed"),),
    "projects delete": (("course-accounts projects delete course-a --yes", ""),),
    "projects show": (
        ("course-accounts projects show course-a", ""),
        ("course-accounts projects show course-a --json", "with its revision"),
    ),
    "projects list": (
        ("course-accounts projects list", ""),
        ("course-accounts projects list --text algebra --kind course", "some of them"),
        ("course-accounts projects list --json", ""),
    ),
    "parked": (
        ("course-accounts parked", "what no service could read"),
        ("course-accounts parked explain", "why, and what to do"),
        ("course-accounts parked redrive --service importer --code PROJECT_UNKNOWN", "ten of them first"),
    ),
    "parked list": (
        ("course-accounts parked list", ""),
        ("course-accounts parked list --service importer --code BAD_FACT --json", ""),
        ("course-accounts parked list --state redriven --state dropped", "what became of others"),
    ),
    "parked show": (("course-accounts parked show course-accounts.log.v1~3~1207", ""),),
    "parked explain": (
        ("course-accounts parked explain", "all, by their causes"),
        ("course-accounts parked explain course-accounts.log.v1~3~1207", ""),
    ),
    "parked redrive": (
        ("course-accounts parked redrive --service importer --code PROJECT_UNKNOWN --dry-run", "only count"),
        ("course-accounts parked redrive --service importer --code PROJECT_UNKNOWN --wait", "try ten first"),
        (
            "course-accounts parked redrive -s importer --all --limit 5000 --rate 20 --yes --wait",
            "then the rest",
        ),
        ("course-accounts parked redrive -s provisioner course-accounts.log.v1~3~1207 --wait", "one"),
    ),
    "parked drop": (
        (
            "course-accounts parked drop -s importer course-accounts.requests.v1~0~12 --reason 'sent by mistake'",
            "",
        ),
    ),
    "parked jobs": (
        ("course-accounts parked jobs", "who did what, when and why"),
        ("course-accounts parked jobs 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --wait", "stay until it is over"),
    ),
    "parked cancel": (("course-accounts parked cancel 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", ""),),
    "target": (
        ("course-accounts target", "how the account service stands"),
        ('course-accounts target pause --reason "maintenance tonight"', ""),
        ("course-accounts target resume", ""),
        ("course-accounts target rate 40", "calls a second"),
    ),
    "target show": (
        ("course-accounts target", ""),
        ("course-accounts target show --json", "for a script"),
    ),
    "target pause": (('course-accounts target pause --reason "maintenance tonight"', ""),),
    "target resume": (("course-accounts target resume", ""),),
    "target rate": (
        ("course-accounts target rate 40", "40 calls a second, all copies together"),
        ("course-accounts target rate 0.5", "one call in two seconds"),
        ("course-accounts target rate none", "no limit"),
    ),
    "export": (
        ("course-accounts export log archive", "the whole history, to restore it elsewhere"),
        ("course-accounts export check archive", "is it whole?"),
        ("course-accounts export accounts accounts.csv", "for a spreadsheet"),
    ),
    "export log": (
        ("course-accounts export log archive", "of the installation on this machine"),
        ("course-accounts export log archive --everything", "also requests and dead letters"),
        ("course-accounts export log archive --kafka 10.0.0.7:9092 --json", "for a script"),
    ),
    "export check": (
        ("course-accounts export check archive", ""),
        ("course-accounts export check archive --quiet && rm -r archive-of-yesterday", ""),
    ),
    "export accounts": (
        ("course-accounts export accounts accounts.csv", ""),
        ("course-accounts export accounts erred.csv --project course-a --state Erred", ""),
    ),
    "export rows": (("course-accounts export rows 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 rows.csv", ""),),
    "restore": (
        ("course-accounts restore archive --data-dir new", "into a new installation"),
        ("course-accounts restore archive --kafka 10.0.0.7:9092 --dry-run", "only look"),
        ("course-accounts restore archive --kafka 10.0.0.7:9092 --replicas 3 --yes", ""),
    ),
    "replay": (
        ("course-accounts replay build --wait", "a new set, compared with the old"),
        ("course-accounts replay swap 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", "let it answer"),
        ("course-accounts replay look-back --until 2026-11-28T14:00", "how did it look then?"),
        ("course-accounts verify", "are the tables what the log says?"),
    ),
    "replay build": (
        ("course-accounts replay build --wait", "read, compare, keep warm"),
        ("course-accounts replay build --edition next --wait", "changed logic"),
    ),
    "replay look-back": (
        ("course-accounts replay look-back --until 2026-11-28T14:00 --wait", "everything"),
        ("course-accounts replay look-back --project course-a --wait", "one course, until now"),
        ("course-accounts status 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --set projector_2", "ask"),
    ),
    "replay list": (("course-accounts replay list --limit 5", ""),),
    "replay show": (
        ("course-accounts replay show 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", ""),
        ("course-accounts replay show 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --wait", "stay while it is built"),
    ),
    "replay compare": (("course-accounts replay compare 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", ""),),
    "replay swap": (
        ("course-accounts replay swap 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", ""),
        (
            "course-accounts replay swap 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8 --accept-differences",
            "changed logic",
        ),
    ),
    "replay roll-back": (("course-accounts replay roll-back 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", ""),),
    "replay clean-up": (("course-accounts replay clean-up 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", ""),),
    "replay cancel": (("course-accounts replay cancel 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", ""),),
    "verify": (
        ("course-accounts verify", "0: equal, 5: not"),
        ("course-accounts verify --json | tail -1", "for a script"),
    ),
    "token": (
        ("course-accounts token list", ""),
        ('course-accounts token create --write --note "Monday imports"', ""),
        ("course-accounts token sign-in mari", "an address for her browser"),
    ),
    "token create": (
        ("course-accounts token create > token.txt", "may read what you see"),
        ('course-accounts token create --write -p course-a --days 30 --note "script of course A"', ""),
        ("course-accounts token create --user mari --write --json", "for staff"),
    ),
    "token list": (
        ("course-accounts token list", ""),
        ("course-accounts token list --user mari --json", "for staff"),
    ),
    "token revoke": (("course-accounts token revoke 3f0e6c7a9d7b4c56a1c2d3e4f5a6b7c8", ""),),
    "token sign-in": (
        ("course-accounts token sign-in mari", "once, within 15 minutes"),
        ("course-accounts token sign-in sam --staff --json", ""),
    ),
    "completion": (
        ("course-accounts completion bash > ~/.local/share/bash-completion/completions/course-accounts", ""),
        ("course-accounts completion fish > ~/.config/fish/completions/course-accounts.fish", ""),
    ),
}


def _block(lines: tuple[tuple[str, str], ...]) -> str:
    widest = max((len(command) for command, said in lines if said), default=0)
    shown = (f"  {command:<{widest}}  # {said}" if said else f"  {command}" for command, said in lines)
    return "\n".join(["Examples:", *shown])


EXAMPLES = {name: _block(lines) for name, lines in _COMMANDS.items()}
"""By command ("" is the program itself): the block at the top of its help page."""
