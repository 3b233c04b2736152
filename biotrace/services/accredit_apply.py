"""A member's papers to its body: the applications 別記1 and 別記1ア, and the policy 別添1 that goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from biotrace.documents.accreditation_papers import application, policy, renewal_application
from biotrace.documents.accreditation_papers.answers_file import MOST_YEARS, Answers, read_answers, template
from biotrace.documents.accreditation_papers.application import Application
from biotrace.documents.accreditation_papers.enterprise import GOODS, OTHER, PREMISES, Enterprise
from biotrace.documents.accreditation_papers.policy import SITE, Policy
from biotrace.documents.accreditation_papers.renewal_application import RenewalApplication, YearHandled
from biotrace.documents.accreditation_papers.values import Business
from biotrace.model.party import Party
from biotrace.model.text import Text

from .accredit_paper import Paper, Wishes, open_entries, private_address
from .files import read_file
from .find import find_party
from .ledger_case import read_ledger
from .report_yearly import own_volumes
from .settings import western_dates
from .times import day_of
from .workspace import Workspace

_DAY = Text("日付", "date")
_BODY = Text("団体の名称", "name of the body")
_FOUNDED = Text("創業年", "year of foundation")
_EMPLOYEES = Text("従業員数", "number of employees")
_HANDLED = Text("過去3年間の取扱実績量", "volumes handled in three years")
_CODE_DAY = Text("自主行動規範の日付", "date of the code of conduct")
_PERSON = Text("分別管理責任者", "person in charge")


def answers_in(file: Path) -> Answers:
    """What a file of answers says. Raises BiotraceError, naming file and line, where it cannot be read."""
    return read_answers(read_file(file), str(file))


def answers_template(workspace: Workspace) -> bytes:
    """A file to fill in, with what the ledger knows of the workspace's own party."""
    own, parties = _own(workspace)
    body, today = _body(own, parties, None), day_of(workspace.clock())
    known = Answers(
        body=_body_name(own, parties, None),
        address=own.address,
        code_date=None if body is None else body.code_from,
        handled=volumes_in_ledger(workspace, own, today),
    )
    return template(known, last_years(today))


def apply(workspace: Workspace, answers: Answers, western: bool | None = None) -> Paper:
    """別記1 for the workspace's own party. Nothing is logged: what a member applies for first is on paper only."""
    own, parties = _own(workspace)
    in_west = western_dates(workspace.folder, western)
    applicant = _applicant(own, answers)
    body = _body_name(own, parties, answers.body)
    filled = Application(answers.day, body, applicant, _enterprise(answers), in_west)
    blanks = _open(applicant, answers.day, body, answers)
    return Paper(application.render(filled), blanks, _notes(own, applicant))


@dataclass(frozen=True, slots=True)
class Renewed:
    """A request for renewal. ``number``, ``body`` (party id): of the grant. ``record_id``: of the request, hex."""

    number: str | None
    body: str | None
    day: date
    record_id: str


def renewal(
    own: Party,
    parties: Mapping[str, Party],
    of: Renewed,
    answers: Answers,
    wishes: Wishes,
    known: tuple[YearHandled, ...] = (),
) -> Paper:
    """別記1ア for the request of the party ``own``. ``known``: what its ledger says it handled, where not answered."""
    applicant = _applicant(own, replace(answers, representative=wishes.representative or answers.representative), of)
    body = _body_name(own, parties, answers.body, of)
    answered = {year.year for year in answers.handled}
    missing = [year for year in known if year.year not in answered]
    added = tuple(missing[-(MOST_YEARS - len(answered)) :]) if len(answered) < MOST_YEARS else ()
    handled = _three_years((*answers.handled, *added), of.day)
    filled = RenewalApplication(
        day=of.day,
        body=body,
        applicant=applicant,
        enterprise=_enterprise(answers),
        handled=handled,
        record_id=of.record_id,
        western_dates=bool(wishes.western_dates),
    )
    blanks = _open(applicant, of.day, body, answers)
    amounts = (one for year in handled for one in (year.thinned, year.general))
    if any(None in (one.logs_in, one.chips_out) for one in amounts):
        blanks += (_HANDLED,)
    return Paper(renewal_application.render(filled), blanks, (*_notes(own, applicant), *_of_ledger(added)))


def segregation_policy(workspace: Workspace, answers: Answers, western: bool | None = None) -> Paper:
    """別添1 for the workspace's own party. The code's date is, unless answered, the day on which the body's began."""
    own, parties = _own(workspace)
    in_west = western_dates(workspace.folder, western)
    body = _body(own, parties, answers.body)
    name = _body_name(own, parties, answers.body)
    code_day = answers.code_date or (None if body is None else body.code_from)
    filled = Policy(own.name, answers.day, name, code_day, answers.person_in_charge, answers.site or SITE, in_west)
    entries = ((_DAY, answers.day), (_BODY, name), (_CODE_DAY, code_day), (_PERSON, answers.person_in_charge))
    notes: tuple[Text, ...] = ()
    if answers.site is None:
        notes = (
            Text(
                f"適用範囲は様式どおり「{SITE}」です。違うときは --site で直せます",
                f"it applies to 「{SITE}」, as the form words it; --site says otherwise",
            ),
        )
    return Paper(policy.render(filled), tuple(label for label, value in entries if value is None), notes)


def last_years(day: date) -> tuple[int, ...]:
    """The last three fiscal years (from 1 April) that were over on that day."""
    running = day.year - (day.month < 4)
    return tuple(range(running - MOST_YEARS, running))


def volumes_in_ledger(workspace: Workspace, own: Party, day: date) -> tuple[YearHandled, ...]:
    """What the ledger says was handled in the last three years, of its own party: of others it does not hold all."""
    return own_volumes(workspace, last_years(day)) if own.id == workspace.party else ()


def _of_ledger(added: tuple[YearHandled, ...]) -> tuple[Text, ...]:
    if not added:
        return ()
    years = "、".join(f"{year.year}" for year in added)
    return (
        Text(
            f"取扱実績量（{years}年度）は台帳から計算しました。台帳にない取扱いがあれば --handled で直してください"
            "（内訳: biotrace report yearly）",
            f"volumes of {years.replace('、', ', ')} are worked out from the ledger: correct them with --handled where"
            " it does not hold all (in detail: biotrace report yearly)",
        ),
    )


def _own(workspace: Workspace) -> tuple[Party, dict[str, Party]]:
    parties = read_ledger(workspace.ledger).parties()
    return find_party(parties.values(), workspace.party), parties


def _body(own: Party, parties: Mapping[str, Party], answered: str | None, of: Renewed | None = None) -> Party | None:
    """The body that is meant, where the ledger knows it: the one answered, or that of the accreditation."""
    if answered is not None:
        return parties.get(_named(answered, parties))
    bodies = [held.body for held in own.accreditations if held.body is not None] if of is None else [of.body]
    return parties.get(bodies[-1] or "") if bodies else None


def _body_name(own: Party, parties: Mapping[str, Party], answered: str | None, of: Renewed | None = None) -> str | None:
    """Its name. A body that the ledger knows by its id alone, as ``init --body`` leaves it, has none yet."""
    known = _body(own, parties, answered, of)
    if known is None:
        return answered
    return None if known.name == known.id else known.name


def _three_years(answered: tuple[YearHandled, ...], day: date) -> tuple[YearHandled, ...]:
    """What was answered, in order, with rows to write in for the years that are missing of the last three."""
    years = {year.year: year for year in answered}
    for missing in reversed(last_years(day)):
        if len(years) < MOST_YEARS:
            years.setdefault(missing, YearHandled(missing))
    return tuple(sorted(years.values(), key=lambda year: year.year or 0))


def _named(text: str, parties: Mapping[str, Party]) -> str:
    """The id of the only party of that name; any other text as it is."""
    ids = [party.id for party in parties.values() if party.name == text]
    return ids[0] if len(ids) == 1 else text


def _applicant(own: Party, answers: Answers, of: Renewed | None = None) -> Business:
    number = None if of is None else of.number
    return Business(own.name, answers.address or own.address, answers.representative, number)


def _enterprise(answers: Answers) -> Enterprise:
    return Enterprise(answers.founded, answers.employees, answers.goods, answers.premises, answers.other)


def _open(applicant: Business, day: date | None, body: str | None, answers: Answers) -> tuple[Text, ...]:
    entries = (
        (_DAY, day),
        (_BODY, body),
        (_FOUNDED, answers.founded),
        (_EMPLOYEES, answers.employees),
        (GOODS, answers.goods or None),
        (PREMISES, answers.premises),
        (OTHER, answers.other),
    )
    return (*open_entries(applicant), *(name for name, value in entries if value is None))


def _notes(own: Party, applicant: Business) -> tuple[Text, ...]:
    return private_address(own) if applicant.address is None else ()
