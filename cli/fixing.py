"""Applying suggestions to a draft before it is submitted, and saying what was changed."""

from collections.abc import Collection, Iterator

from cli.client import drafts
from cli.client.api import Api
from cli.client.draft_models import Draft, Offer
from cli.text.advice import harmless
from cli.text.numbers import counted
from cli.text.safe import printable
from cli.world import World


def apply(world: World, api: Api, draft: Draft, *, fix: bool, also: Collection[str], quiet: bool) -> Draft:
    """The draft after all suggestions that need no thought (`fix`), and those whose code is named in `also`."""
    for offer in list(_chosen(draft, fix=fix, also=also)):
        changed = added = 0
        more = True
        while more:
            fixed = drafts.fix(api, draft.uuid, offer.code, offer.like)
            draft, more = fixed.draft, fixed.more and bool(fixed.changed)
            changed, added = changed + fixed.changed, added + fixed.added
        if not quiet:
            world.say(_said(offer, changed, added))
    return draft


def _chosen(draft: Draft, *, fix: bool, also: Collection[str]) -> Iterator[Offer]:
    for problem in draft.problems:
        safe = harmless(problem) if fix else []
        done: set[str] = set()
        for offer in problem.suggestions:
            if (offer in safe or offer.code in also) and offer.like not in done:
                done.add(offer.like)
                yield offer


def _said(offer: Offer, changed: int, added: int) -> str:
    example = offer.example
    shown = f" {printable(example.email)} → {printable(example.value)}" if example and example.value else ""
    more = f", {counted(added, 'row')} added" if added else ""
    return f"Fixed {counted(changed, 'row')}{more}: {printable(offer.message)}{shown}"
