"""Acts out what goes on beside the journey: views, news, holds, complaints, probation, and work on closed cases."""

from engine.entries import Entry
from engine.simulation.desk import MANAGER, Desk
from engine.simulation.stories import Story
from engine.targeted import other_cases
from workflow.case import Case
from workflow.consent import agreed
from workflow.events import Fields
from workflow.letters import CONDITIONS
from workflow.tracks.journey import IN_TOUCH
from workflow.vocabulary import Channel, Known, Purpose, Track


def restorative_information(desk: Desk, story: Story, case: Case) -> None:
    """Tell what there is to somebody we are in touch with, or record that they asked not to hear of it."""
    if case.state not in IN_TOUCH:
        desk.go_on(story, case, "rj_information")
    elif Purpose.RESTORATIVE_INFORMATION in agreed(case):
        desk.do(story, Entry("restorative_information_given", {"how": desk.way(case)}))
    else:
        _excuse(desk, story, "rj-information")


def _excuse(desk: Desk, story: Story, rule: str) -> None:
    reason = {"rule": rule, "reason": "victim_asked", "approver": MANAGER.user}
    desk.do(story, Entry("good_reason_recorded", reason), by=MANAGER)


def views_before_decision(desk: Desk, story: Story, case: Case) -> None:
    """Have the views of somebody we are in touch with; the others are to be reached first."""
    if case.state in IN_TOUCH:
        may_ask = Purpose.VIEWS_BEFORE_DECISION in agreed(case)
        outcome = "given" if may_ask and story.rng.random() < 0.7 else "declined"
        asked = [Entry("views_asked", _by(desk, case))] if may_ask else []
        desk.do(story, *asked, Entry("views_recorded", {"outcome": outcome}))
        return
    desk.go_on(story, case, "views_before_decision")


def panel_invitation(desk: Desk, story: Story, case: Case) -> None:
    """Invite somebody we are in touch with; the others are to be reached first."""
    if case.state in IN_TOUCH:
        desk.do(story, Entry("views_asked", _by(desk, case)))
        return
    desk.go_on(story, case, "panel_invitation")


def _by(desk: Desk, case: Case) -> Fields:
    """The channel by which views are asked, where one is safe; otherwise they were asked face to face."""
    by = desk.usable(case, Channel.PHONE, Channel.EMAIL, Channel.TEXT)
    return {"channel": by[0]} if by else {}


def progress_update(desk: Desk, story: Story, case: Case) -> None:
    """Give the news that was promised."""
    desk.do(story, Entry("progress_update_given", {"how": desk.way(case)}))


def completion_notice(desk: Desk, story: Story, case: Case) -> None:
    """Tell the victim that it ended; where they want no news, the manager records why nobody does."""
    if case.states[Track.UPDATES] != "none" or CONDITIONS["wants_news"](case):
        how = "phone" if case.safe(Channel.PHONE) is Known.YES else "email"
        desk.do(story, Entry("conclusion_notice_given", {"how": how}))
        return
    for rule in ("completion-notice", "conclusion-notice"):
        _excuse(desk, story, rule)


def refer_to_contact_scheme(desk: Desk, story: Story, _: Case) -> None:
    """Make sure that probation's unit has the details; it makes contact some weeks later."""
    desk.do(story, Entry("contact_scheme_referred", {"by": "yjs"}))
    contacted = Entry("contact_scheme_contacted")
    desk.agenda.office(desk.after(story.rng.randint(8, 18)), lambda: desk.do(story, contacted))


def acknowledge_complaint(desk: Desk, story: Story, _: Case) -> None:
    """The manager acknowledges and says when an answer comes."""
    desk.do(story, Entry("complaint_acknowledged"), by=MANAGER)


def answer_complaint(desk: Desk, story: Story, case: Case) -> None:
    """The manager answers, unless it is one of those that are left lying."""
    if "complaint_left" in story.marks:
        desk.go_on(story, case, "complaint_answer")
        return
    desk.do(story, Entry("complaint_answered", {"outcome": "partly_upheld"}), by=MANAGER)


def answer_access_request(desk: Desk, story: Story, _: Case) -> None:
    """The manager gives what we hold."""
    desk.do(story, Entry("subject_access_answered"), by=MANAGER)


def review_hold(desk: Desk, story: Story, case: Case) -> None:
    """Look at a hold on its day, and end it."""
    placed = case.last("hold_placed")
    until = placed.day_of("until") if placed else None
    if until is None or desk.day >= until:
        desk.do(story, Entry("hold_ended"), by=MANAGER)
    else:
        story.rest["review_hold"] = until


def say_whether_harmed_before(desk: Desk, story: Story, _: Case) -> None:
    """Say of each case that looks like this victim's whether it is, as only the simulation knows."""
    for other in other_cases(desk.house, story.reference):
        theirs = desk.stories[other["case"]]
        if other["outcome"] is None:
            desk.say_same_victim(story, other["case"], "targeted" if theirs.victim is story.victim else "different")


def manage_alert(desk: Desk, story: Story, _: Case) -> None:
    """The manager signs a safety plan, and the alert ends."""
    plan = {"plan_on": desk.day.isoformat(), "note": "Agreed with the victim and with children's services."}
    desk.do(story, Entry("alert_managed", plan), by=MANAGER)
