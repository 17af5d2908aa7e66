"""What follows an event. Reading this table is knowing what the product does by itself.

`now` happens with the event, in its transaction, or the event does not happen; `later` runs in the
worker and may run twice.
"""

from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.channels.recordings import actions as recordings
from huiyin.journey.channels.sms import actions as sms
from huiyin.journey.channels.social import actions as social
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint import actions as sight
from huiyin.journey.complaint.events import Follow
from huiyin.journey.complaint.words import What
from huiyin.journey.consent import actions as consent
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.execution import actions as execution
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.improvement import actions as improvement
from huiyin.journey.promises import actions as promises
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.routing import actions as routing
from huiyin.journey.supervision import actions as supervision
from huiyin.journey.survey import actions as survey
from huiyin.journey.triage import actions as triage
from huiyin.surface.composer import actions as composer
from huiyin.surface.notices import actions as notices
from huiyin.surface.notices import budgets, executing, improving, promised, reminding, tasks
from huiyin.surface.portal import actions as portal

FLOW: dict[What, Follow] = {
    # 受理 分级
    What.RECEIVED: Follow(
        now=(routing.own_on_receipt, triage.read_on_receipt),
        later=(
            notices.thank_customer,
            portal.send_code,
            supervision.fire_rules,
            improvement.fire_rules,
        ),
    ),
    What.TRIAGED: Follow(now=(clocks.start_for_triage, routing.route_on_triage)),
    What.RECLASSIFIED: Follow(
        now=(clocks.replan, routing.reroute_on_correction),
        later=(
            supervision.fire_rules,
            improvement.fire_rules,
            closure.call_signers,  # another category asks for other signatures
        ),
    ),
    What.REJECTED: Follow(
        now=(clocks.stop_all, cooperation.cancel_open, grouping.others_go_on),
        later=(notices.tell_customer_result, callbacks.cancel_open, execution.call_off_all),
    ),
    # 派单
    What.DISPATCHED: Follow(
        now=(sight.let_in_assignee, clocks.go_on, clocks.start_sign_in),
        later=(notices.tell_assignee, grouping.members_follow),
    ),
    What.HANDED_OVER: Follow(
        now=(sight.let_in_assignee, clocks.go_on, clocks.start_sign_in),
        later=(notices.tell_assignee, grouping.members_follow),
    ),
    What.ACCEPTED: Follow(now=(clocks.stop_sign_in, routing.settle)),
    What.RETURNED: Follow(
        now=(clocks.stop_sign_in, routing.settle),
        later=(notices.tell_team, grouping.members_follow),
    ),
    What.WAITED: Follow(now=(clocks.pause,)),
    What.RESUMED: Follow(now=(clocks.go_on,)),
    What.URGED: Follow(
        now=(clocks.hurry_update,), later=(notices.tell_assignee, supervision.fire_rules)
    ),
    What.ESCALATED: Follow(later=(notices.tell_supervisor, notices.tell_manager)),
    # 时限
    What.CLOCK_WARNED: Follow(
        now=(supervision.follow_clock,),
        later=(reminding.remind_assignee, tasks.tell_department, execution.foresee),
    ),
    What.CLOCK_MISSED: Follow(
        now=(cooperation.count_late, supervision.follow_clock, promises.break_on_miss),
        later=(
            reminding.remind_assignee,
            reminding.remind_supervisor,
            notices.tell_owner,
            notices.tell_watchers,
            supervision.fire_rules,
            improvement.follow_clock,
            execution.foresee,
        ),
    ),
    What.EXTENDED: Follow(now=(supervision.follow_clock,), later=(notices.tell_assignee,)),
    What.POLICY_ATTACHED: Follow(
        now=(clocks.replan,),
        later=(
            notices.tell_assignee,
            supervision.fire_rules,
            improvement.fire_rules,
        ),
    ),
    What.POLICY_DETACHED: Follow(now=(clocks.replan,)),
    What.RUNG: Follow(later=(notices.tell_named,)),
    What.RING_PASSED: Follow(later=(notices.tell_named,)),
    What.PULLED_BACK: Follow(
        now=(sight.let_in_assignee, clocks.stop_sign_in, routing.settle),
        later=(notices.tell_named, grouping.members_follow),
    ),
    What.OWNER_CHANGED: Follow(later=(notices.tell_named,)),
    What.BARRED: Follow(
        now=(routing.leave_when_barred, grouping.leave_barred_handler, resolution.pass_on),
        later=(notices.tell_approvers,),
    ),
    What.UNBARRED: Follow(now=(resolution.pass_on,)),
    What.REMINDED: Follow(later=(reminding.remind_rung,)),
    What.LATE_NOTICE: Follow(later=(reminding.remind_rung,)),
    What.EXTENSION_ASKED: Follow(
        later=(reminding.tell_deciders, tasks.tell_asker, reminding.mail_deciders),
    ),
    What.EXTENSION_REFUSED: Follow(later=(notices.tell_assignee, tasks.tell_department)),
    What.SUSPENSION_ASKED: Follow(later=(reminding.tell_deciders, reminding.mail_deciders)),
    What.SUSPENSION_REFUSED: Follow(later=(notices.tell_assignee,)),
    What.SUSPENDED: Follow(now=(clocks.stand_still,), later=(notices.tell_assignee,)),
    What.WOKEN: Follow(now=(clocks.go_on,), later=(notices.tell_assignee,)),
    # 协办
    What.TASK_SENT: Follow(later=(tasks.tell_department, tasks.write_department)),
    What.TASK_SIGNED: Follow(),
    What.TASK_ANSWERED: Follow(now=(execution.task_answered,), later=(tasks.tell_asker,)),
    What.TASK_RETURNED: Follow(now=(execution.task_returned,), later=(tasks.tell_asker,)),
    What.TASK_DISPUTED: Follow(later=(tasks.tell_rulers, reminding.mail_deciders)),
    What.TASK_RULED: Follow(later=(tasks.tell_department, tasks.tell_asker)),
    What.TASK_FORWARDED: Follow(later=(tasks.tell_department, tasks.write_department)),
    What.TASK_EXTENDED: Follow(later=(tasks.tell_department,)),
    What.TASK_REDONE: Follow(later=(tasks.tell_department,)),
    What.TASK_DONE: Follow(later=(tasks.tell_department,)),
    What.TASK_CANCELLED: Follow(now=(execution.task_gone,), later=(tasks.tell_department,)),
    What.TASK_LATE: Follow(later=(tasks.tell_late, tasks.write_department)),
    # 督办
    What.SUPERVISED: Follow(
        later=(
            notices.tell_supervised,
            improvement.fire_rules,
        )
    ),
    What.MEASURES_FILED: Follow(later=(notices.tell_measures, reminding.mail_deciders)),
    What.SUPERVISION_LIFTED: Follow(later=(notices.tell_supervised,)),
    What.HELD: Follow(later=(notices.tell_assignee,)),
    What.RELEASED: Follow(later=(notices.tell_assignee,)),
    # 并案
    What.SPLIT: Follow(now=(grouping.rest_sign_in,)),
    What.SPLIT_UNDONE: Follow(now=(grouping.sign_in_again,), later=(notices.tell_assignee,)),
    What.MERGED: Follow(now=(grouping.rest_sign_in,), later=(notices.tell_assignee,)),
    What.UNMERGED: Follow(now=(grouping.sign_in_again,), later=(notices.tell_assignee,)),
    What.LINKED: Follow(later=(notices.tell_assignee,)),
    What.UNLINKED: Follow(),
    What.INCIDENT_JOINED: Follow(
        later=(
            supervision.fire_rules,
            improvement.fire_rules,
        )
    ),
    What.INCIDENT_LEFT: Follow(),
    What.INCIDENT_TOLD: Follow(),
    # 沟通
    What.CUSTOMER_WROTE: Follow(
        now=(routing.resume_when_customer_wrote, grouping.waiting_ends),
        later=(notices.tell_assignee, notices.tell_owner, supervision.fire_rules),
    ),
    What.REPLIED: Follow(now=(sms.check_reply, promises.read_reply, clocks.stop_first_response)),
    What.REPLY_PLANNED: Follow(now=(sms.check_reply, promises.check_reply)),
    What.REPLY_UNDONE: Follow(now=(social.turn_back,)),
    What.NOTED: Follow(now=(promises.read_note,), later=(tasks.tell_of_talk,)),
    What.EVIDENCE_ADDED: Follow(later=(recordings.queue,)),
    # 核实 方案 执行
    What.FOUND: Follow(later=(improvement.fire_rules,)),
    What.PROPOSED: Follow(
        now=(clocks.go_on,),
        later=(notices.tell_approvers, reminding.mail_deciders, budgets.warn),
    ),
    What.SIGNED: Follow(later=(notices.tell_approvers, reminding.mail_deciders)),
    What.APPROVED: Follow(later=(notices.tell_assignee,)),
    What.DENIED: Follow(later=(notices.tell_assignee,)),
    What.AGREED: Follow(
        now=(promises.of_offer, execution.plan, consent.note_yes), later=(notices.tell_payers,)
    ),
    What.DECLINED: Follow(
        now=(promises.offer_gone, execution.call_off, consent.note_no),
        later=(notices.tell_assignee,),
    ),
    What.EXECUTED: Follow(
        now=(clocks.resolved, promises.offer_executed, execution.done_at_once),
        later=(closure.call_signers, executing.call_no_more),
    ),
    # 回电
    What.CALLBACK_ASKED: Follow(now=(promises.of_callback,), later=(notices.tell_named,)),
    What.CALLBACK_TRIED: Follow(now=(closure.keep_visit,)),
    What.CALLBACK_DONE: Follow(now=(closure.keep_visit, promises.called)),
    What.CALLBACK_CANCELLED: Follow(now=(promises.call_off,), later=(notices.tell_named,)),
    # 商定 执行
    What.OFFER_CHANGED: Follow(later=(notices.tell_named, budgets.warn)),
    What.COUNTERED: Follow(),
    What.CONSENT_SENT: Follow(),
    What.CONSENTED: Follow(later=(notices.tell_assignee,)),
    What.CONSENT_WITHDRAWN: Follow(later=(notices.tell_assignee,)),
    What.TALK_WANTED: Follow(later=(notices.tell_assignee,)),
    What.STEP_SENT: Follow(later=(notices.tell_payers,)),
    What.STEP_DONE: Follow(),
    What.STEP_FAILED: Follow(later=(notices.tell_assignee, notices.tell_payers)),
    What.STEP_LATE: Follow(now=(executing.tell_customer,), later=(notices.tell_assignee,)),
    What.STEP_CANCELLED: Follow(),
    # 承诺
    What.PROMISED: Follow(),
    What.PROMISE_KEPT: Follow(),
    What.PROMISE_BROKEN: Follow(
        # The customer hears it from us before anybody is blamed.
        now=(promised.tell_customer, promises.raise_severity, promises.ask_call),
        later=(notices.tell_assignee, notices.tell_supervisor),
    ),
    What.PROMISE_MOVED: Follow(),
    What.PROMISE_RELEASED: Follow(),
    # 反馈 回访 结案 归档
    What.FED_BACK: Follow(
        now=(clocks.fed_back, closure.plan_visit, promises.told_result), later=(survey.invite,)
    ),
    What.VISITED: Follow(now=(clocks.visited,), later=(survey.invite,)),
    What.CUSTOMER_JUDGED: Follow(later=(notices.tell_assignee,)),
    What.REWORKED: Follow(
        now=(clocks.start_again, callbacks.cancel_visit),
        later=(notices.tell_supervisor, supervision.fire_rules, closure.give_to_the_next_level),
    ),
    What.CLOSED: Follow(
        now=(clocks.stop_all, cooperation.cancel_open, closure.close_with),
        later=(
            survey.invite,  # before the letter that may hold its link
            notices.tell_customer_result,
            callbacks.cancel_open,
            improvement.fire_rules,
            promises.outlive,
            composer.remember,
        ),
    ),
    What.REOPENED: Follow(
        now=(clocks.start_again, grouping.part_on_reopening),
        later=(notices.tell_assignee, notices.tell_supervisor, composer.forget),
    ),
    What.ARCHIVED: Follow(now=(callbacks.cancel_open, closure.seal)),
    What.WITHDRAWN: Follow(
        now=(clocks.stop_all, cooperation.cancel_open, grouping.others_go_on),
        later=(
            callbacks.cancel_open,
            promises.let_go,
            execution.call_off_all,
            closure.end_mediations,
        ),
    ),
    What.CANCELLED: Follow(
        now=(clocks.stop_all, cooperation.cancel_open, grouping.others_go_on),
        later=(
            callbacks.cancel_open,
            promises.let_go,
            execution.call_off_all,
            closure.end_mediations,
        ),
    ),
    What.ALTERNATIVES_TOLD: Follow(now=(clocks.refused,), later=(closure.call_signers,)),
    What.MEDIATION_BEGUN: Follow(later=(notices.tell_assignee, notices.tell_supervisor)),
    What.MEDIATION_ENDED: Follow(
        now=(clocks.mediated, callbacks.cancel_mediated_visit),
        later=(notices.tell_assignee, notices.tell_supervisor),
    ),
    What.CASE_PROPOSED: Follow(),
    What.SIGN_OFF_ASKED: Follow(later=(notices.tell_signers, reminding.mail_deciders)),
    What.SIGNED_OFF: Follow(later=(notices.tell_assignee,)),
    What.SIGN_OFF_REFUSED: Follow(later=(notices.tell_assignee, notices.tell_supervisor)),
    # 调查 整改
    What.SURVEY_SENT: Follow(),
    What.SURVEY_ANSWERED: Follow(now=(survey.call_back_low,)),
    What.LETTER_RETURNED: Follow(now=(clocks.answer_again,), later=(notices.tell_assignee,)),
    What.REPLY_RESENT: Follow(now=(clocks.stop_first_response,)),
    What.LETTER_FAILED: Follow(now=(clocks.answer_again,), later=(notices.tell_assignee,)),
    What.AUTO_REPLIED: Follow(),
    What.IMPROVEMENT_OPENED: Follow(later=(improving.tell_owners,)),
    What.IMPROVEMENT_DONE: Follow(later=(improving.tell_verifiers,)),
    What.IMPROVEMENT_VERIFIED: Follow(later=(improving.tell_owners,)),
    What.IMPROVEMENT_SENT_BACK: Follow(later=(improving.tell_owners,)),
    What.EFFECT_CHECKED: Follow(later=(improving.tell_owners,)),
    # 渠道
    What.CHATTED: Follow(later=(promises.enter_chat,)),
    What.CALLED: Follow(later=(recordings.hear_of_call,)),
    What.CALL_DROPPED: Follow(),
    What.LONG_HOLD: Follow(),
    What.ABUSE_WARNED: Follow(),
    What.ABUSE_ENDED: Follow(),  # the call itself tells the duty supervisor, linked or not
    What.RECORDED: Follow(),
    What.PAPER_REGISTERED: Follow(),
    What.PAPER_SENT: Follow(),
    What.AT_COUNTER: Follow(),
    What.POSTED_PUBLICLY: Follow(later=(notices.tell_crisis,)),
    What.MOVED_PRIVATE: Follow(),
    What.RESTRICTED: Follow(),
    What.UNRESTRICTED: Follow(),
}
