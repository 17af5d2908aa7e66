"""What follows an event (while building: what is not there yet is left out)."""

from importlib import import_module

from huiyin.journey.complaint.events import Follow as F
from huiyin.journey.complaint.words import What
from huiyin.while_building import there


class Soft:
    def __init__(self, name):
        self.name = name

    def __getattr__(self, verb):
        return getattr(import_module(self.name), verb, None) if there(self.name) else None


def Follow(now=(), later=()):
    return F(tuple(x for x in now if x), tuple(x for x in later if x))


clocks = Soft("huiyin.journey.clocks.actions")
routing = Soft("huiyin.journey.routing.actions")
triage = Soft("huiyin.journey.triage.actions")
notices = Soft("huiyin.surface.notices.actions")
portal = Soft("huiyin.surface.portal.actions")

FLOW: dict[What, Follow] = {
    What.RECEIVED: Follow(
        now=(triage.read_on_receipt,),
        later=(notices.thank_customer, portal.send_code),
    ),
    What.TRIAGED: Follow(
        now=(clocks.start_for_triage, routing.route_on_triage),
    ),
    What.RECLASSIFIED: Follow(
        now=(clocks.replan, routing.reroute_on_correction),
    ),
    What.REJECTED: Follow(now=(clocks.stop_all,), later=(notices.tell_customer_result,)),
    What.DISPATCHED: Follow(now=(clocks.start_sign_in,), later=(notices.tell_assignee,)),
    What.ACCEPTED: Follow(now=(clocks.stop_sign_in,)),
    What.RETURNED: Follow(now=(clocks.start_sign_in,), later=(notices.tell_team,)),
    What.HANDED_OVER: Follow(),
    What.URGED: Follow(later=(notices.tell_assignee,)),
    What.ESCALATED: Follow(later=(notices.tell_supervisor,)),
    What.CUSTOMER_WROTE: Follow(
        now=(routing.resume_when_customer_wrote,),
        later=(notices.tell_assignee,),
    ),
    What.REPLIED: Follow(now=(clocks.stop_first_response,)),
    What.NOTED: Follow(),
    What.EVIDENCE_ADDED: Follow(),
    What.CLOCK_WARNED: Follow(later=(notices.tell_assignee,)),
    What.CLOCK_MISSED: Follow(later=(notices.tell_assignee, notices.tell_supervisor)),
    What.WAITED: Follow(now=(clocks.pause,)),
    What.RESUMED: Follow(now=(clocks.go_on,)),
    What.FOUND: Follow(),
    What.PROPOSED: Follow(later=(notices.tell_approvers,)),
    What.APPROVED: Follow(later=(notices.tell_assignee,)),
    What.DENIED: Follow(later=(notices.tell_assignee,)),
    What.AGREED: Follow(),
    What.DECLINED: Follow(),
    What.EXECUTED: Follow(now=(clocks.resolved,)),
    What.FED_BACK: Follow(now=(clocks.fed_back,)),
    What.VISITED: Follow(now=(clocks.visited,)),
    What.REWORKED: Follow(now=(clocks.start_again,), later=(notices.tell_supervisor,)),
    What.CLOSED: Follow(now=(clocks.stop_all,), later=(notices.tell_customer_result,)),
    What.REOPENED: Follow(
        now=(clocks.start_again,),
        later=(notices.tell_assignee, notices.tell_supervisor),
    ),
    What.ARCHIVED: Follow(),
    What.WITHDRAWN: Follow(now=(clocks.stop_all,)),
    What.CANCELLED: Follow(now=(clocks.stop_all,)),
    What.RESTRICTED: Follow(),
    What.CUSTOMER_JUDGED: Follow(later=(notices.tell_assignee,)),
}
