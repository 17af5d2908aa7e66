"""The life of one complaint, acted by the people of the cast through the acts of the stages."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.customers.words import Care, Level
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Severity, Status
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.intake.actions import register
from huiyin.journey.intake.words import Via
from huiyin.journey.investigation.actions import find
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer, Remedy
from huiyin.journey.routing import actions as routing
from huiyin.journey.triage import actions as triage
from huiyin.surface.demo import answers, files
from huiyin.surface.demo.scenes import Scene
from huiyin.surface.demo.theatre import Theatre
from huiyin.surface.portal import actions as portal

HOME = ZoneInfo("Asia/Shanghai")
SOON = 60  # minutes in which no clock needs a look
OPENS, CLOSES = 8.5, 21.0  # the hours in which somebody of ours is at work, every day
SPOKEN = {Channel.LETTER, Channel.WALKIN, Channel.FORM, Channel.REGULATOR, Channel.API}
SPOKEN |= {Channel.IMPORT}


@dataclass
class Story:
    """What will happen. `pace`: the share of the time limit that is used; over 1 is late.

    `until`: the status at which it stays; `twists`: what goes another way than usual.
    """

    scene: Scene
    people: dict[str, User]
    contact: Contact
    channel: str
    received_at: datetime
    theatre: Theatre
    rng: random.Random
    pace: float = 0.6
    until: str = ""
    twists: frozenset[str] = frozenset()
    complaint: Complaint = field(init=False)

    # --- time -----------------------------------------------------------------------------------

    def after(self, minutes: float) -> datetime:
        """A while from now, at an hour at which people work."""
        if minutes > SOON:
            self.theatre.clocks_of(self.complaint.pk)
        return self._hurried(waking(moment.now() + timedelta(minutes=minutes)))

    def by(self, kind: str, share: float) -> datetime:
        """When this share of the running clock of that kind is used up."""
        running = self.theatre.clocks_of(self.complaint.pk)
        clock = next((clock for clock in running if clock.kind == kind), None)
        if clock is None:
            return self._hurried(waking(moment.now() + timedelta(minutes=45)))
        share *= 0.5 + self.rng.random() * 0.5
        wanted = clock.started_at + (clock.due_at - clock.started_at) * share
        wanted = max(wanted, moment.now() + timedelta(minutes=2 + self.rng.random() * 6))
        awake = waking(wanted)
        late = wanted < clock.due_at <= awake
        return self._hurried(wanted if late else awake)

    def _hurried(self, wanted: datetime) -> datetime:
        """A story that has to arrive somewhere before today is over never waits for long."""
        if not self.until:
            return wanted
        now = moment.now()
        return min(wanted, now + (self.theatre.ends - now) * 0.3)

    # --- the road -------------------------------------------------------------------------------

    def life(self) -> Iterator[datetime]:
        yield from self._road()
        self.theatre.clocks_of(self.complaint.pk)

    def _road(self) -> Iterator[datetime]:
        yield from self._arrival()
        if not self.complaint.is_open or self._stays():
            return
        yield from self._signing()
        if self._stays():
            return
        yield from self._work()
        while self.complaint.is_open and not self._stays():
            yield from self._solution()
            if not self.complaint.is_open or self._stays():
                return
            if (yield from self._ending()):
                return

    def _stays(self) -> bool:
        return self.complaint.status == self.until

    @property
    def handler(self) -> User:
        """Who has it; where nobody has, the manager."""
        return self.complaint.assignee or self.people["gao"]

    @property
    def speaks_by(self) -> str:
        return Channel.PHONE if self.channel in SPOKEN else self.channel

    def _arrival(self) -> Iterator[datetime]:
        self.complaint = self._register()
        complaint = self.complaint
        if "photo" in self.twists:
            files.attach(complaint, scene=self.scene, by=complaint.received_by or self.handler)
        if "cancel" in self.twists:
            yield self.after(50)
            closure.cancel(self.complaint, by=self.people["gao"], reason="与上一件重复登记")
            return
        if "reject" in self.twists:
            yield from self._rejection()
            return
        wrong = complaint.category != self.scene.code
        if self.until == Status.TRI:
            if complaint.status == Status.DIS:
                yield self.after(10)
                self._give_back("看内容不归本组，请重新判断")
        elif complaint.category_confirmed:
            return
        elif complaint.status == Status.TRI or (wrong and self.rng.random() < 0.8):
            yield self.after(8 + self.rng.random() * 30)
            self._confirm()

    def _rejection(self) -> Iterator[datetime]:
        if self.complaint.status == Status.DIS:
            yield self.after(30)
            self._give_back("查无此商品编码，不是我们售出的")
        yield self.after(60)
        triage.reject(
            self.complaint,
            by=self.people["zhou"],
            reason="not_ours",
            remedies=self.scene.says("!"),
        )

    def _give_back(self, reason: str) -> None:
        routing.give_back(self.complaint, by=self.handler, reason=reason)

    def _register(self) -> Complaint:
        scene, rng = self.scene, self.rng
        self._known_customer()
        said: dict[str, Any] = {
            "contact": self.contact,
            "text": scene.says('"'),
            "wanted": scene.says("?"),
            "order_no": answers.order_no(scene, rng),
            "happened_on": answers.happened_on(rng),
        }
        if self.channel == Channel.PORTAL:
            return portal.complain(
                address=f"192.0.2.{rng.randrange(1, 250)}",
                concerning="",
                privacy_version="1",
                key=f"demo-{rng.getrandbits(64):016x}",
                **said,
            ).complaint
        if self.channel in (Channel.API, Channel.IMPORT):
            via = Via.API if self.channel == Channel.API else Via.IMPORT
            return register(by=User.objects.system(), channel=self.channel, via=via, **said)
        desk = self.people[rng.choice(("cao_y", "pan_j", "lu_q", "zhou"))]
        if "li" in self.twists:
            desk = self.people["li"]
        sure = "unsure" not in self.twists
        return register(
            by=desk,
            channel=self.channel,
            category=scene.code if sure else "",
            severity=scene_severity(scene) if sure else None,
            fields=answers.fields(scene, self.channel, said["order_no"], rng) if sure else {},
            around=answers.around(scene, self.channel, rng),
            **said,
        )

    def _known_customer(self) -> None:
        """What we know of somebody before he calls: level, care, language."""
        marks = self.scene.marks & {"vip", "elder", "en"}
        if marks:
            customer = find_or_create(self.contact)
            customer.level = Level.VIP if "vip" in marks else customer.level
            customer.care = [Care.SENIOR] if "elder" in marks else customer.care
            customer.language = "en" if "en" in marks else customer.language
            customer.save()

    def _confirm(self) -> None:
        complaint = self.complaint
        if complaint.status not in (Status.TRI, Status.DIS):
            return
        triage.confirm(
            complaint,
            by=self.people[self.rng.choice(("zhou", "lu_q"))],
            category=self.scene.code,
            severity=scene_severity(self.scene) or complaint.severity or Severity.S3,
            reason="核对原文后确认",
        )

    def _signing(self) -> Iterator[datetime]:
        team = self.complaint.team
        if self.complaint.status == Status.TRI:
            yield self.after(15)
            self._dispatch(team)
        if "return" in self.twists and self.complaint.status == Status.DIS:
            yield self.by(ClockKind.SIGN_IN, 0.4)
            self._give_back("客户要找的是经手人，请重新派单")
            yield self.after(25)
            self._dispatch(team)
        if self._stays():
            return
        yield self.by(ClockKind.SIGN_IN, min(self.pace, 1.6))
        if self.complaint.status == Status.DIS:
            routing.accept(self.complaint, by=self.handler)

    def _dispatch(self, team: Team | None) -> None:
        if team is not None and self.complaint.status == Status.TRI:
            routing.dispatch(self.complaint, by=self.people["zhou"], team=team)

    def _work(self) -> Iterator[datetime]:
        scene = self.scene
        if "silent" in self.twists:
            self.until = Status.HND
            return
        yield self.by(ClockKind.FIRST_RESPONSE, min(self.pace, 1.3))
        complaint = self.complaint
        if complaint.status not in WORKING:
            return
        conversation.reply(complaint, by=self.handler, text=self._greeted(), channel=self._way())
        for nth, _line in enumerate(scene.lines.get("*", ())):
            yield self.after(20 + self.rng.random() * 90)
            conversation.note(self.complaint, by=self.handler, text=scene.says("*", nth))
        if "hand_over" in self.twists:
            yield from self._hand_over()
        if self.until == Status.HND:
            return
        if "withdraw" in self.twists:
            yield self.after(240)
            if "safety" not in self.complaint.risks:
                closure.withdraw(
                    self.complaint, by=self.handler, reason="客户来电：东西已经找到，不投诉了"
                )
            return
        yield from self._waiting()

    def _greeted(self) -> str:
        return self.scene.says(">") or "您好，您反映的情况我们已经收到，由我负责跟进。"

    def _way(self) -> str:
        if self.speaks_by == Channel.EMAIL and not self.complaint.customer.contact("email"):
            return Channel.PHONE
        return self.speaks_by

    def _hand_over(self) -> Iterator[datetime]:
        complaint = self.complaint
        if complaint.team is None or complaint.severity == Severity.S1:
            return
        mates = User.objects.present_in(complaint.team).with_role(Role.AGENT, Role.SPECIALIST)
        to = mates.exclude(pk=self.handler.pk).order_by("pk").first()
        if to is None:
            return
        yield self.after(120)
        routing.hand_over(
            self.complaint, by=self.handler, to=to, note="我明天轮休，客户下午三点前方便接电话"
        )
        yield self.by(ClockKind.SIGN_IN, 0.4)
        routing.accept(self.complaint, by=self.handler)

    def _waiting(self) -> Iterator[datetime]:
        scene = self.scene
        if "ask" in self.twists or self.until == Status.WCU:
            yield self.by(ClockKind.RESOLUTION, self.pace * 0.2)
            if self.complaint.status not in WORKING:
                return
            routing.wait(
                self.complaint, by=self.handler, whom="customer", reason="请客户补充小票和照片"
            )
            if self.until == Status.WCU:
                return
            yield self.after(60 + self.rng.random() * 900)
            self._customer_adds(scene.says("<") or "照片和小票我拍好了，你们看一下。")
        elif scene.says("<") and self.rng.random() < 0.6:
            yield self.after(30 + self.rng.random() * 400)
            self._customer_adds(scene.says("<"))
        if "third" in self.twists or self.until == Status.W3P:
            yield self.by(ClockKind.RESOLUTION, self.pace * 0.3)
            if self.complaint.status not in WORKING:
                return
            routing.wait(
                self.complaint, by=self.handler, whom="third", reason="等承运商与厂家的书面回复"
            )
            if self.until == Status.W3P:
                return
            yield self.after(600 + self.rng.random() * 900)
            if self.complaint.status == Status.W3P:
                routing.resume(self.complaint, by=self.handler, reason="书面回复已收到")
        if "urge" in self.twists:
            yield self.after(200)
            routing.urge(
                self.complaint,
                by=User.objects.system(),
                words="都几天了，到底有没有人管",
                by_customer=True,
            )
        if "supervise" in self.twists:
            yield self.after(90)
            routing.urge(self.complaint, by=self.people["du"], words="请今日给客户明确答复")
        if "escalate" in self.twists:
            yield self.after(60)
            portal.ask_escalation(self.complaint, text="我要找你们负责人")

    def _customer_adds(self, text: str) -> None:
        complaint = self.complaint
        if self.channel == Channel.PORTAL:
            photo = [files.photo(self.scene.code, complaint.pk)]
            portal.add(complaint, text=text, files=photo)
        else:
            conversation.customer_wrote(
                complaint, by=self.handler, text=text, channel=self.speaks_by
            )

    def _solution(self) -> Iterator[datetime]:
        again = self.complaint.status == Status.RWK
        if again:
            yield self.after(60)
            closure.take_up(self.complaint, by=self.handler)
        yield self.by(ClockKind.RESOLUTION, self.pace * 0.5)
        if self.complaint.status not in WORKING:
            return
        cause, liability, facts = self._finding()
        find(self.complaint, by=self.handler, facts=facts, cause=cause, liability=liability)
        if "report" in self.twists and not again:
            files.report(self.complaint, by=self.handler, facts=facts)
        yield self.by(ClockKind.RESOLUTION, self.pace * 0.6)
        offer = yield from self._agreed_offer(again=again)
        if offer is None:
            return
        yield self.by(ClockKind.RESOLUTION, self.pace)
        if self.complaint.status == Status.EXE:
            resolution.execute(
                offer,
                by=self.people["qian"] if offer.amount_fen >= 50_000 else self.handler,
                proof=answers.proof(offer, self.rng),
            )

    def _finding(self) -> tuple[str, str, str]:
        cause, liability, facts = ([*self.scene.says("=").split(" ", 2), "", ""])[:3]
        return cause or "CAU.6", liability or "RSP.1", facts or "与客户、门店双方核对，情况属实。"

    def _agreed_offer(self, *, again: bool) -> Iterator[datetime]:
        """Offers until one is agreed; the generator's value is that offer, or None."""
        for turn in range(3):
            complaint = self.complaint
            if complaint.status not in WORKING:
                return None
            offer = self._propose(again=again or turn > 0)
            if self._stays():
                return None
            if self.complaint.status == Status.PAP:
                yield self.after(40 + self.rng.random() * 200)
                deny = "deny" in self.twists and turn == 0
                self._decide(offer, approve=not deny)
                if deny:
                    yield self.after(60)
                    continue
            yield self.after(10 + self.rng.random() * 60)
            resolution.tell(offer, by=self.handler, channel=self._way())
            if self._stays():
                return None
            yield self.after(30 + self.rng.random() * 300)
            if "decline" in self.twists and turn == 0:
                resolution.decline(offer, by=self.handler, note="客户认为补偿太少")
                continue
            resolution.agree(offer, by=self.handler, note="客户电话同意")
            return offer
        return None

    def _propose(self, *, again: bool) -> Offer:
        code, yuan, basis = ([*self.scene.says("$").split(" ", 2), "", ""])[:3]
        fen = int(float(yuan or 0) * 100)
        remedy = Remedy.objects.get(code=code or "RMD.08")
        if again:  # the first amount counts against the limit of the case already
            remedy, fen = Remedy.objects.get(code="RMD.05"), 0
            basis = "重办补充：在原方案之外致歉并赠券"
        if remedy.needs_amount and fen == 0:
            fen = 2000
        if self.until == Status.PAP and not again:
            remedy, fen = Remedy.objects.get(code="RMD.06"), self._beyond_authority(fen)
        return resolution.propose(
            self.complaint,
            by=self.handler,
            remedy=remedy,
            basis=basis or "公司售后服务政策",
            due_on=moment.today() + timedelta(days=remedy.days),
            amount_fen=fen,
        )

    def _beyond_authority(self, fen: int) -> int:
        """An amount that the handler may not promise by himself."""
        for amount in (fen, 68_000, 380_000, 1_280_000):
            if not resolution.verdict(self.handler, self.complaint, amount).within:
                return amount
        return fen

    def _decide(self, offer: Offer, *, approve: bool) -> None:
        team = self.complaint.team
        deciders = [team.lead, team.duty_supervisor] if team else []
        for decider in (*deciders, self.people["gao"]):
            if decider is None or decider == offer.by:
                continue
            allowed = resolution.verdict(decider, self.complaint, offer.amount_fen, but=offer.pk)
            if allowed.within or not approve:
                note = "同意，请注意跟进" if approve else "金额依据不足，请附票据后再报"
                resolution.decide(offer, by=decider, approve=approve, note=note)
                return

    def _ending(self) -> Iterator[datetime]:
        """Feedback, call-back, judgement, closing; the value is whether the story is over."""
        if self.complaint.status != Status.RES:
            return True
        if self.until == Status.RES:
            return True
        yield self.by(ClockKind.FEEDBACK, min(self.pace, 1.2))
        measures, result, prevention = ([*self.scene.says("!").split(" / "), "", ""])[:3]
        closure.feed_back(
            self.complaint,
            by=self.handler,
            measures=measures or "已核实并处理。",
            result=result or "问题已经解决。",
            prevention=prevention,
            channel=self._way(),
        )
        if self._stays():
            return True
        if self.complaint.status == Status.FUV:
            yield from self._visit()
            if self.complaint.status == Status.RWK:
                return self.until == Status.RWK
        elif "judge_no" in self.twists and self.channel == Channel.PORTAL:
            yield self.after(300)
            portal.judge(self.complaint, solved=False, text=self._unhappy())
            self.twists -= {"judge_no"}
            return self.until == Status.RWK
        elif self.until in (Status.FUV, Status.RWK):  # not in the sample of those called back
            if self.until == Status.RWK:
                yield self.after(90)
                closure.rework(
                    self.complaint, by=self.people["gao"], reason="质检抽查：答复没有回应客户的诉求"
                )
            return True
        yield self.after(30 + self.rng.random() * 600)
        return (yield from self._close())

    def _unhappy(self) -> str:
        return self.scene.says("-") or "钱是退了，可是没有一个人跟我说声对不起。"

    def _visit(self) -> Iterator[datetime]:
        yield self.by(ClockKind.VISIT, min(self.pace, 1.1))
        caller = self.people["he"]
        if self.complaint.status != Status.FUV:
            return
        if "missed_call" in self.twists:
            closure.visit(self.complaint, by=caller, result="not_reached")
            yield self.after(300)
        unhappy = "unhappy" in self.twists or self.until == Status.RWK
        self.twists -= {"unhappy"}
        words = self._unhappy() if unhappy else self.scene.says("+") or "可以，没有别的了。"
        happy = "fair" if "fair" in self.twists else "satisfied"
        closure.visit(
            self.complaint, by=caller, result="unsatisfied" if unhappy else happy, words=words
        )

    def _close(self) -> Iterator[datetime]:
        complaint = self.complaint
        cause, liability, _facts = self._finding()
        offer = complaint.offers.exclude(state__in=("denied", "declined")).last()
        outcome = "not_upheld" if "not_upheld" in self.scene.marks else "upheld"
        outcome = "partly" if "partly" in self.scene.marks else outcome
        visited = complaint.visits.first()
        closure.close(
            complaint,
            by=self.people["gao"] if complaint.severity == Severity.S1 else self.handler,
            outcome=outcome,
            cause=cause,
            liability=liability,
            remedy=offer.remedy if offer else Remedy.objects.get(code="RMD.08"),
            satisfaction=visited.result if visited else "unknown",
            improvement=self.rng.random() < 0.2,
            note="已说明理由，并告知可向 12315 或人民调解委员会反映"
            if outcome == "not_upheld"
            else "",
        )
        if self.channel == Channel.PORTAL and "judge_yes" in self.twists:
            yield self.after(600)
            portal.judge(self.complaint, solved=True, text="解决了，谢谢")
        if "reopen" in self.twists:
            self.twists -= {"reopen"}
            yield self.after(60 * 50)
            if self.complaint.status == Status.CLO:
                by = self.complaint.team and self.complaint.team.duty_supervisor
                closure.reopen(
                    self.complaint, by=by or self.people["gao"], reason="同样的问题又出现了一次"
                )
                return self.until == Status.HND
        return True


def scene_severity(scene: Scene) -> int | None:
    return next((int(mark[1]) for mark in scene.marks if _is_severity(mark)), None)


def _is_severity(mark: str) -> bool:
    return len(mark) == 2 and mark[0] == "S" and mark[1] in "1234"


def waking(wanted: datetime) -> datetime:
    """The same moment, or the next morning when everybody sleeps."""
    local = wanted.astimezone(HOME)
    hour = local.hour + local.minute / 60
    if OPENS <= hour < CLOSES:
        return wanted
    morning = local.replace(hour=8, minute=30) + timedelta(minutes=(wanted.minute * 7) % 95)
    return morning if hour < OPENS else morning + timedelta(days=1)
